// A plane wave of the lattice at one frequency: kappa = 2 sin(k h / 2) / h across its axis, K along
// it and W = 2 sin(w dt / 2) / dt obey eps W^2 = K^2 + kappa^2.
#pragma once

#include "domain/lattice.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::solvers::fdtd {

/// k = phase / length of a Bloch axis [1/um], 0 elsewhere.
double TransverseWaveNumber(const domain::Lattice& lattice, int axis);

/// kappa of TransverseWaveNumber, over the cells of the axis, which must be equal.
double TransverseKappa(const domain::Lattice& lattice, int axis);

struct LatticeWave {
  double stepped = 0;  ///< W [1/um]
  double along = 0;    ///< Re K [1/um]; 0 where the wave is evanescent
  double index = 1;    ///< Re n of the background as it is stepped

  /// Of the angle to the axis.
  double Cosine() const { return along / (index * stepped); }
};

LatticeWave LatticeWaveAt(const domain::Lattice& lattice, const PlaneWave& wave, double dt,
                          double omega);

/// Phase that a wave of K = `along` gains between two coordinates [um] of an axis, cell by cell
/// 2 asin(K h / 2); negative for to < from.
double PhaseBetween(const domain::Lattice& lattice, int axis, double along, double from, double to);

}  // namespace symwave::solvers::fdtd
