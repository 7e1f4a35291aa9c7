#include "solvers/diffraction/propagation_kernel.hpp"

#include <cmath>

namespace symwave::solvers::diffraction {

std::complex<double> TransferFunction(const PropagationOptions& options, double fx, double fy) {
  const double k = 2 * M_PI / options.wavelength;
  const double s = std::pow(options.wavelength, 2) * (fx * fx + fy * fy);
  if (options.method == PropagationMethod::Fresnel) {
    return std::polar(1.0, k * options.distance * (1 - 0.5 * s));
  }
  if (s >= 1) return std::exp(-k * std::abs(options.distance) * std::sqrt(s - 1));
  return std::polar(1.0, k * options.distance * std::sqrt(1 - s));
}

}  // namespace symwave::solvers::diffraction
