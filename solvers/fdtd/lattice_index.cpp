#include "solvers/fdtd/lattice_index.hpp"

#include <cmath>
#include <complex>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

double LatticeIndex(const domain::Medium& medium, double dt, double omega) {
  const double square = std::pow(2 * std::sin(0.5 * omega * dt) / dt, 2);
  std::complex<double> eps = medium.eps_inf;
  for (const domain::Pole& pole : medium.poles) {
    const double resistance = pole.damping * std::sin(omega * dt) / dt;
    eps +=
        pole.strength / std::complex<double>(pole.frequency * pole.frequency - square, -resistance);
  }
  if (!(eps.real() > 0) || !std::isfinite(eps.real())) {
    base::Fail(
        "the background of a wave has the permittivity {:.4g} at {:.4g} um, but it must be "
        "positive",
        eps.real(), 2 * M_PI / omega);
  }
  return std::sqrt(eps.real());
}

}  // namespace symwave::solvers::fdtd
