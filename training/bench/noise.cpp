#include "training/bench/noise.hpp"

#include <cmath>

#include "domain/base/random.hpp"

namespace symwave::training::bench {

namespace {

constexpr double kInversionBelow = 10;

double Inverted(double mean, double uniform) {
  double probability = std::exp(-mean), below = probability;
  double count = 0;
  // The tail beyond the last bit of the uniform number ends the search.
  while (uniform > below && probability > 0) {
    count += 1;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

double TransformedRejection(double mean, std::uint64_t bits) {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  for (std::uint64_t trial = 1;; trial += 2) {
    const double u = base::ToUniform(base::MixSeed(bits, trial)) - 0.5;
    const double v = base::ToUniform(base::MixSeed(bits, trial + 1));
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <=
        -mean + k * std::log(mean) - std::lgamma(k + 1)) {
      return k;
    }
  }
}

}  // namespace

std::uint64_t NoiseStream(std::uint64_t seed, std::initializer_list<std::uint64_t> names) {
  std::uint64_t stream = base::MixSeed(seed, 1);
  for (const std::uint64_t name : names) stream = base::MixSeed(stream, name + 1);
  return stream;
}

double Poisson(double mean, std::uint64_t stream, std::uint64_t counter) {
  if (!(mean > 0)) return 0;
  const std::uint64_t bits = base::MixSeed(stream, counter);
  if (mean < kInversionBelow) return Inverted(mean, base::ToUniform(bits));
  return TransformedRejection(mean, bits);
}

}  // namespace symwave::training::bench
