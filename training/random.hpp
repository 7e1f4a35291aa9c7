// Seeded random numbers that are the same with every compiler, library and number of ranks.
#pragma once

#include <cstdint>
#include <vector>

namespace symwave::training {

struct GaussianPair {
  double a = 0;
  double b = 0;
};

/// Two independent standard normal numbers for every (seed, counter), by Box and Muller: no state
/// to keep, any entry in any order.
GaussianPair Gaussians(std::uint64_t seed, std::uint64_t counter);

/// A random order of 0 ... count - 1 (Fisher and Yates on std::mt19937_64).
std::vector<int> Permutation(int count, std::uint64_t seed);

}  // namespace symwave::training
