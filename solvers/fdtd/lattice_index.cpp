#include "solvers/fdtd/lattice_index.hpp"

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

double LatticeIndex(const domain::Medium& medium, double dt, double omega) {
  const double eps = medium.Permittivity(domain::SteppedFrequency(omega, dt)).real();
  if (!(eps > 0) || !std::isfinite(eps)) {
    base::Fail(
        "the background of a wave has the permittivity {:.4g} at {:.4g} um, but it must be "
        "positive",
        eps, 2 * M_PI / omega);
  }
  return std::sqrt(eps);
}

}  // namespace symwave::solvers::fdtd
