#include "training/random.hpp"

#include <cmath>
#include <numeric>
#include <random>
#include <utility>

#include "domain/base/random.hpp"

namespace symwave::training {

namespace {

// Uniform in 0 ... bound - 1 without bias.
std::uint64_t Below(std::mt19937_64& generator, std::uint64_t bound) {
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = generator();
  while (value >= limit) value = generator();
  return value % bound;
}

}  // namespace

GaussianPair Gaussians(std::uint64_t seed, std::uint64_t counter) {
  const std::uint64_t bits = base::MixSeed(seed, counter);
  const double radius = std::sqrt(-2.0 * std::log(base::ToUniform(bits)));
  const double angle = 2 * M_PI * base::ToUniform(base::MixSeed(bits, 1));
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
