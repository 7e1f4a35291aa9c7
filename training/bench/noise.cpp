#include "training/bench/noise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "domain/base/random.hpp"
#include "training/sincos.hpp"

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

constexpr std::size_t kBatch = 128;
using Batch = std::array<double, kBatch>;

/// ln(x) of normal positive numbers, to 1e-15 absolute: x = 2^e m with m in [sqrt(1/2), sqrt(2)),
/// ln m = 2 artanh((m - 1) / (m + 1)).
void Logarithms(const double* x, std::size_t count, double* logarithm) {
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcdULL;
  Batch exponent, mantissa;
  for (std::size_t k = 0; k < count; ++k) {
    std::uint64_t bits;
    std::memcpy(&bits, &x[k], sizeof bits);
    const auto e = static_cast<std::int64_t>(bits - root_half) >> 52;
    bits -= static_cast<std::uint64_t>(e) << 52;
    std::memcpy(&mantissa[k], &bits, sizeof bits);
    exponent[k] = static_cast<double>(e);
  }
  for (std::size_t k = 0; k < count; ++k) {
    const double s = (mantissa[k] - 1) / (mantissa[k] + 1), z = s * s;
    double p = 1.0 / 19;
    for (int n = 17; n >= 1; n -= 2) p = p * z + 1.0 / n;
    logarithm[k] = exponent[k] * M_LN2 + 2 * s * p;
  }
}

double Positive(std::uint64_t bits) {
  return (static_cast<double>(static_cast<std::int64_t>(bits >> 11)) + 0.5) * 0x1p-53;
}

/// At most kBatch pairs.
void PairBatch(std::uint64_t stream, std::uint64_t first, std::uint64_t stride, std::size_t count,
               double* a, double* b) {
  Batch uniform, angle, logarithm, cosine, sine;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t bits = base::MixSeed(stream, first + k * stride);
    uniform[k] = Positive(bits);
    angle[k] = 2 * M_PI * Positive(base::MixSeed(bits, 1));
  }
  Logarithms(uniform.data(), count, logarithm.data());
  SinCos(angle.data(), cosine.data(), sine.data(), count);
  for (std::size_t k = 0; k < count; ++k) {
    const double radius = std::sqrt(-2 * logarithm[k]);
    a[k] = radius * cosine[k];
    b[k] = radius * sine[k];
  }
}

}  // namespace

std::uint64_t NoiseStream(std::uint64_t seed, std::initializer_list<std::uint64_t> names) {
  std::uint64_t stream = base::MixSeed(seed, 1);
  for (const std::uint64_t name : names) stream = base::MixSeed(stream, name + 1);
  return stream;
}

double RandomPhase(std::uint64_t stream, std::uint64_t counter) {
  return 2 * M_PI * base::ToUniform(base::MixSeed(stream, counter));
}

void GaussianPairs(std::uint64_t stream, std::uint64_t first, std::uint64_t stride,
                   std::size_t count, double* a, double* b) {
  for (std::size_t k = 0; k < count; k += kBatch) {
    PairBatch(stream, first + k * stride, stride, std::min(kBatch, count - k), a + k, b + k);
  }
}

double ElectronsFromGaussian(double mean, double read_noise, double z) {
  const double variance = mean + read_noise * read_noise;
  const double rms = std::sqrt(variance);
  const double skewness = mean / (variance * rms), kurtosis = mean / (variance * variance);
  const double zz = z * z;
  return mean + rms * (z + skewness / 6 * (zz - 1) + kurtosis / 24 * z * (zz - 3) -
                       skewness * skewness / 36 * z * (2 * zz - 5));
}

double Poisson(double mean, std::uint64_t stream, std::uint64_t counter) {
  if (!(mean > 0)) return 0;
  const std::uint64_t bits = base::MixSeed(stream, counter);
  if (mean < kInversionBelow) return Inverted(mean, base::ToUniform(bits));
  return TransformedRejection(mean, bits);
}

}  // namespace symwave::training::bench
