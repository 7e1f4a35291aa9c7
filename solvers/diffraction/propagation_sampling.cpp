// What the sampling of a plane allows (Matsushima and Shimobaba, Opt. Express 17, 19662 (2009)).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/diffraction/propagation.hpp"
#include "solvers/diffraction/propagation_kernel.hpp"

namespace symwave::solvers::diffraction {

namespace {

constexpr int kLeastBand = 8;          // samples of the spectrum across the band
constexpr double kFresnelPhase = 0.1;  // rad

/// Difference of the phases of the exact and the paraxial transfer function at the steepest ray
/// that stays in the window [rad].
double FresnelPhase(const PlaneGrid& grid, const PropagationOptions& options, double limit) {
  const double d = std::abs(options.distance);
  const double across = std::hypot(grid.nx > 1 ? grid.nx : 0, grid.ny > 1 ? grid.ny : 0);
  const double corner = limit * (grid.ny > 1 ? std::sqrt(2.0) : 1.0);
  const double ray = std::sin(std::atan2(across * grid.pitch, d)) / options.wavelength;
  const double s = std::pow(options.wavelength * std::min(corner, ray), 2);
  // 1 - s/2 - sqrt(1 - s) without cancellation.
  const double root = std::sqrt(std::max(0.0, 1 - s));
  return 2 * M_PI / options.wavelength * d * 0.25 * s * s / (1 - 0.5 * s + root);
}

void RefuseOptions(const PlaneGrid& grid, const PropagationOptions& options) {
  if (!(options.wavelength > 0)) {
    base::Fail("wavelength {} um must be greater than 0", options.wavelength);
  }
  if (!std::isfinite(options.distance)) base::Fail("the distance of a propagation is not a number");
  if (!(options.padding >= 1 && options.padding <= 16)) {
    base::Fail("padding {} is not between 1 and 16 (2 keeps light from coming back)",
               options.padding);
  }
  if (options.threads < 1) base::Fail("threads {} must be at least 1", options.threads);
  if (grid.pitch < 0.5 * options.wavelength) {
    base::Fail(
        "a pixel pitch of {} um is finer than half the wavelength ({} um in the medium), where "
        "samples no longer travel: give a pitch of at least {:.4g} um",
        grid.pitch, options.wavelength, 0.5 * options.wavelength);
  }
}

}  // namespace

double BandLimit(int padded, double pitch, const PropagationOptions& options) {
  const double nyquist = 0.5 / pitch;
  if (!options.band_limit) return nyquist;
  const double slope = 2 * options.distance / (padded * pitch);
  return std::min(nyquist, 1 / (options.wavelength * std::hypot(slope, 1)));
}

SamplingCheck CheckSampling(const PlaneGrid& grid, const PropagationOptions& options) {
  SamplingCheck check;
  check.padded = PaddedLength(grid.nx, options.padding);
  check.nyquist = 0.5 / grid.pitch;
  check.band_limit = BandLimit(check.padded, grid.pitch, options);
  check.plain_samples = options.wavelength * std::abs(options.distance) / (grid.pitch * grid.pitch);
  check.fresnel_phase = FresnelPhase(grid, options, check.band_limit);
  return check;
}

std::vector<std::string> PropagationWarnings(const PlaneGrid& grid,
                                             const PropagationOptions& options) {
  RefuseOptions(grid, options);
  const SamplingCheck check = CheckSampling(grid, options);
  for (const int n : {grid.nx, grid.ny}) {
    if (n == 1) continue;
    const int padded = PaddedLength(n, options.padding);
    if (!options.band_limit && check.plain_samples > padded) {
      base::Fail(
          "a pitch of {} um is finer than the sampling theorem allows without a band limit: {} um "
          "at {} um wavelength need at least {:.0f} samples across, and {} pixels padded {} times "
          "are {}. Switch the band limit on, pad {:.3g} times, or give a pitch of at least {:.4g} "
          "um",
          grid.pitch, options.distance, options.wavelength, std::ceil(check.plain_samples), n,
          options.padding, padded, check.plain_samples / n,
          std::sqrt(options.wavelength * std::abs(options.distance) / padded));
    }
    const double samples = 2 * BandLimit(padded, grid.pitch, options) * padded * grid.pitch;
    if (samples < kLeastBand && padded > kLeastBand) {
      base::Fail(
          "over {} um only {:.1f} samples of the spectrum of {} pixels of {} um stay in the window "
          "(at least {} are needed): give more pixels, a larger pitch or a distance below {:.4g} "
          "um",
          options.distance, samples, n, grid.pitch, kLeastBand,
          n * grid.pitch * padded * grid.pitch / (kLeastBand * options.wavelength));
    }
  }
  std::vector<std::string> warnings;
  if (options.padding < 2) {
    warnings.push_back(fmt::format(
        "padding {} lets light that leaves the window come back at its other side: give 2",
        options.padding));
  }
  if (options.method == PropagationMethod::Fresnel && check.fresnel_phase > kFresnelPhase) {
    warnings.push_back(fmt::format(
        "over {} um the paraxial form errs by up to {:.3g} rad in this window (more than {}): use "
        "the angular spectrum, or a longer distance",
        options.distance, check.fresnel_phase, kFresnelPhase));
  }
  return warnings;
}

}  // namespace symwave::solvers::diffraction
