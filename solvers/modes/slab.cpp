#include "solvers/modes/slab.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::modes {

namespace {

const double kPi = std::acos(-1.0);

struct Stack {
  double k0;
  double n_below;
  const std::vector<SlabLayer>& layers;
  double n_above;
  SlabPolarization polarization;

  double Weight(double n) const { return polarization == SlabPolarization::TE ? 1.0 : n * n; }
};

/// Phase at the top of a layer with n > n_eff, where u = A sin(phi), v = s A cos(phi).
double ThroughPropagating(double theta, double kappa, double q, double k0, double thickness) {
  const double s = kappa / q;
  const double turns = std::round(theta / kPi);
  const double rest = theta - turns * kPi;
  const double phi =
      turns * kPi + std::atan2(s * std::sin(rest), std::cos(rest)) + k0 * kappa * thickness;
  const double turns_after = std::round(phi / kPi);
  const double rest_after = phi - turns_after * kPi;
  return turns_after * kPi + std::atan2(std::sin(rest_after), s * std::cos(rest_after));
}

/// Phase at the top of a layer with n <= n_eff; it changes by less than pi. The fields are scaled
/// by exp(-x), so that thick layers do not overflow.
double ThroughEvanescent(double theta, double alpha, double q, double k0, double thickness) {
  const double x = k0 * alpha * thickness;
  const double decay = std::exp(-2 * x);
  const double u = std::sin(theta);
  const double v = std::cos(theta);
  double u_top, v_top;
  if (x < 1) {
    const double cosh_x = 0.5 * (1 + decay);
    const double sinhc_x = x > 0 ? -0.5 * std::expm1(-2 * x) / x : 1.0;
    u_top = u * cosh_x + v * q * k0 * thickness * sinhc_x;
    v_top = u * alpha / q * x * sinhc_x + v * cosh_x;
  } else {
    // Growing and decaying parts apart: a small growing part dominates at the top, and its rounding
    // error must not turn the phase.
    const double growing = 0.5 * (u + v * q / alpha);
    const double decaying = 0.5 * (u - v * q / alpha) * decay;
    u_top = growing + decaying;
    v_top = (growing - decaying) * alpha / q;
  }
  return theta + std::atan2(u_top * v - v_top * u, u_top * u + v_top * v);
}

/// theta(top) minus the phase of the solution that decays upwards.
double Mismatch(const Stack& stack, double n_eff) {
  const auto decay_rate = [&](double n) {
    return std::sqrt(std::max(0.0, (n_eff - n) * (n_eff + n)));
  };
  double theta = std::atan2(1.0, decay_rate(stack.n_below) / stack.Weight(stack.n_below));
  for (const SlabLayer& layer : stack.layers) {
    const double q = stack.Weight(layer.index);
    const double square = (layer.index - n_eff) * (layer.index + n_eff);
    theta = square > 0 ? ThroughPropagating(theta, std::sqrt(square), q, stack.k0, layer.thickness)
                       : ThroughEvanescent(theta, std::sqrt(-square), q, stack.k0, layer.thickness);
  }
  return theta - std::atan2(1.0, -decay_rate(stack.n_above) / stack.Weight(stack.n_above));
}

void CheckPositive(double value, const char* what) {
  if (!(value > 0) || !std::isfinite(value)) {
    base::Fail("slab: {} is {}, but must be positive", what, value);
  }
}

}  // namespace

std::vector<double> SlabEffectiveIndices(double wavelength, double n_below,
                                         const std::vector<SlabLayer>& layers, double n_above,
                                         SlabPolarization polarization) {
  CheckPositive(wavelength, "the wavelength [um]");
  CheckPositive(n_below, "the index below");
  CheckPositive(n_above, "the index above");
  double top = 0;
  for (const SlabLayer& layer : layers) {
    CheckPositive(layer.index, "the index of a layer");
    CheckPositive(layer.thickness, "the thickness of a layer [um]");
    top = std::max(top, layer.index);
  }
  const double bottom = std::max(n_below, n_above);
  std::vector<double> modes;
  if (top <= bottom) return modes;

  const Stack stack{2 * kPi / wavelength, n_below, layers, n_above, polarization};
  constexpr double kCutOff = 1e-12;  // radians of phase above which a mode counts as guided
  const double phase_range = Mismatch(stack, bottom);
  for (int m = 0; phase_range > m * kPi + kCutOff; ++m) {
    double low = bottom;
    double high = modes.empty() ? top : modes.back();
    while (high - low > 0.5e-13 * high) {
      const double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) break;
      (Mismatch(stack, middle) > m * kPi ? low : high) = middle;
    }
    modes.push_back(0.5 * (low + high));
  }
  return modes;
}

}  // namespace symwave::solvers::modes
