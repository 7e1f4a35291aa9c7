#include "training/random.hpp"

#include <cmath>
#include <numeric>
#include <random>
#include <utility>

namespace symwave::training {

namespace {

// splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
std::uint64_t Mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Uniform in (0, 1) from the upper 53 bits.
double Uniform(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 0.5) * 0x1.0p-53;
}

// Uniform in 0 ... bound - 1 without bias.
std::uint64_t Below(std::mt19937_64& generator, std::uint64_t bound) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = generator();
  while (value >= limit) value = generator();
  return value % bound;
}

}  // namespace

std::uint64_t Hash(std::uint64_t seed, std::uint64_t counter) {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;
  return Mix(Mix(seed + golden) ^ Mix(counter * golden + golden));
}

GaussianPair Gaussians(std::uint64_t seed, std::uint64_t counter) {
  const std::uint64_t bits = Hash(seed, counter);
  const double radius = std::sqrt(-2.0 * std::log(Uniform(bits)));
  const double angle = 6.283185307179586 * Uniform(Hash(bits, counter));
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

std::vector<int> Permutation(int count, std::uint64_t seed) {
  std::vector<int> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 generator(seed);
  for (std::size_t k = order.size(); k > 1; --k) {
    std::swap(order[k - 1], order[Below(generator, k)]);
  }
  return order;
}

}  // namespace symwave::training
