#include "solvers/fdtd/plane_wave_power.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/lattice_wave.hpp"

namespace symwave::solvers::fdtd {

double PowerPerArea(const domain::Lattice& lattice, const PlaneWave& wave, double dt,
                    double omega) {
  const int axis = static_cast<int>(wave.axis);
  const LatticeWave at = LatticeWaveAt(lattice, wave, dt, omega);
  const int entry = lattice.NearestNode(axis, wave.direction > 0 ? wave.lo[axis] : wave.hi[axis]);
  const double h = lattice.CellWidth(axis, wave.direction > 0 ? entry - 1 : entry);
  const double mean = std::sqrt(std::max(0.0, 1 - 0.25 * at.along * at.along * h * h));
  double square = 0;
  for (const Complex& part : wave.electric) square += std::norm(part);
  return 0.5 * mean * square * at.along / at.stepped;
}

}  // namespace symwave::solvers::fdtd
