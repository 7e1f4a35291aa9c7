#include "solvers/fdtd/lattice_wave.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/fdtd/equivalence.hpp"

namespace symwave::solvers::fdtd {

double TransverseWaveNumber(const domain::Lattice& lattice, int axis) {
  return lattice.BlochPhase(axis) / lattice.Along(axis).Length();
}

double TransverseKappa(const domain::Lattice& lattice, int axis) {
  const double h = lattice.CellWidth(axis, 0);
  return 2 * std::sin(0.5 * TransverseWaveNumber(lattice, axis) * h) / h;
}

LatticeWave LatticeWaveAt(const domain::Lattice& lattice, const PlaneWave& wave, double dt,
                          double omega) {
  const domain::SteppedFrequency stepped(omega, dt);
  const Complex eps = wave.Background().Permittivity(stepped);
  Complex square = eps * stepped.w * stepped.w;
  for (int d = 0; d < 3; ++d) {
    if (d == static_cast<int>(wave.axis) || lattice.BlochPhase(d) == 0) continue;
    square -= std::pow(TransverseKappa(lattice, d), 2);
  }
  LatticeWave at;
  at.stepped = stepped.w;
  at.index = std::sqrt(eps).real();
  at.along = square.real() > 0 ? std::sqrt(square).real() : 0.0;
  return at;
}

double PhaseBetween(const domain::Lattice& lattice, int axis, double along, double from,
                    double to) {
  if (to < from) return -PhaseBetween(lattice, axis, along, to, from);
  int cell = lattice.NearestNode(axis, from);
  while (lattice.Node(axis, cell) > from) --cell;
  while (lattice.Node(axis, cell + 1) <= from) ++cell;
  double phase = 0;
  for (double at = from; at < to; ++cell) {
    const double end = std::min(to, lattice.Node(axis, cell + 1));
    const double h = lattice.CellWidth(axis, cell);
    phase += (end - at) / h * 2 * std::asin(std::min(1.0, 0.5 * along * h));
    at = end;
  }
  return phase;
}

}  // namespace symwave::solvers::fdtd
