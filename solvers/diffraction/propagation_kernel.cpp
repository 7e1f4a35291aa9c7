#include "solvers/diffraction/propagation_kernel.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::diffraction {

Band::Band(int pixels, double pitch, const PropagationOptions& options)
    : length(PaddedLength(pixels, options.padding)) {
  if (length > 1) {
    step = 1 / (length * pitch);
    const double limit = BandLimit(length, pitch, options);
    half = std::min(length / 2, static_cast<int>(std::floor(limit / step * (1 + 1e-12))));
  }
  index.push_back(0);
  for (int m = 1; m <= half; ++m) {
    index.push_back(m);
    if (length - m != m) index.push_back(length - m);
  }
}

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
