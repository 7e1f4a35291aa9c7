// How fast this machine takes time steps.
#pragma once

#include <mpi.h>

#include "domain/lattice.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::jobs::simulate::time {

/// Points times steps per second of all ranks together, measured for about 0.2 s on a lattice of
/// plain dielectric with the ends of `lattice` and as many cells, or a million per rank where it
/// has more. Monitors, dispersive media and other users of the machine make a run slower.
/// Collective, the same on every rank.
double MeasureStepRate(MPI_Comm comm, const domain::Lattice& lattice,
                       const solvers::fdtd::EngineOptions& options);

}  // namespace symwave::jobs::simulate::time
