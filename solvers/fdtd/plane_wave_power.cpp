#include "solvers/fdtd/plane_wave_power.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/lattice_index.hpp"

namespace symwave::solvers::fdtd {

double PowerPerArea(const domain::Lattice& lattice, const PlaneWave& wave, double dt,
                    double omega) {
  const int axis = static_cast<int>(wave.axis);
  std::array<double, 3> kappa{0, 0, 0};
  double square = 0;
  for (int d = 0; d < 3; ++d) {
    if (d == axis || lattice.BlochPhase(d) == 0) continue;
    const double width = lattice.CellWidth(d, 0);
    kappa[d] = 2 * std::sin(0.5 * lattice.BlochPhase(d) / lattice.Cells(d)) / width;
    square += kappa[d] * kappa[d];
  }
  const double w = 2 * std::sin(0.5 * omega * dt) / dt;
  const double eps = std::pow(LatticeIndex(wave.Background(), dt, omega), 2);
  const double s_square = eps * w * w - square;
  if (!(s_square > 0)) return 0;
  const double s = std::sqrt(s_square);
  const int entry = NearestNode(lattice, axis, wave.direction > 0 ? wave.lo[axis] : wave.hi[axis]);
  const double h = lattice.CellWidth(axis, wave.direction > 0 ? entry - 1 : entry);
  const double mean = std::sqrt(std::max(0.0, 1 - 0.25 * s * s * h * h));
  Complex along = 0;
  double all = 0;
  for (int d = 0; d < 3; ++d) {
    if (square > 0) along += wave.electric[d] * kappa[d] / std::sqrt(square);
    all += std::norm(wave.electric[d]);
  }
  const double p = std::norm(along);
  return 0.5 * mean * ((all - p) * s / w + p * eps * w / s);
}

}  // namespace symwave::solvers::fdtd
