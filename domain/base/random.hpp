// Random numbers that are the same with every standard library and any number of ranks.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace symwave::base {

/// SplitMix64 finaliser: neighbouring seeds and streams give unrelated numbers.
inline std::uint64_t MixSeed(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t z = seed + stream * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// Uniform in (0, 1) from the upper 53 bits.
inline double ToUniform(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
}

inline double Uniform(std::mt19937_64& generator) {
  return ToUniform(generator());
}

/// Zero mean, unit variance (Box and Muller).
inline double Gaussian(std::mt19937_64& generator) {
  const double radius = std::sqrt(-2 * std::log(Uniform(generator)));
  return radius * std::cos(2 * M_PI * Uniform(generator));
}

}  // namespace symwave::base
