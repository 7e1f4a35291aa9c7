// Work of time steps on a lattice.
#pragma once

#include "domain/lattice.hpp"
#include "jobs/run/work.hpp"

namespace symwave::jobs::run {

struct Steps {
  double steps = 0;  ///< of all runs
  double poles = 0;  ///< PoleProfile::mean
  bool float64 = false;
};

/// Points within layers, each with what its axis makes of it: layers across x take whole vectors of
/// every row (solvers::fdtd::PointCosts).
double WeightedLayers(const domain::Lattice& lattice);

/// Adds cells, layers and poles of all steps, and the lattice that ranks cut.
void AddSteps(Work& work, const domain::Lattice& lattice, const Steps& steps);

}  // namespace symwave::jobs::run
