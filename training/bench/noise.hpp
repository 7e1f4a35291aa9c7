// Random numbers of measurements: each depends on the seed, on what is measured and on the number
// of the pixel in the whole plane, and on nothing else.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace symwave::training::bench {

/// One stream of random numbers for a seed and the numbers that name its purpose.
std::uint64_t NoiseStream(std::uint64_t seed, std::initializer_list<std::uint64_t> names);

/// Poisson distributed, exact: below a mean of 10 by inversion, from there by transformed rejection
/// (algorithm PTRS of Hoermann, Insurance: Mathematics and Economics 12, 39 (1993)).
/// Takes the numbers (stream, counter) and, of its own, further ones that no other counter takes.
double Poisson(double mean, std::uint64_t stream, std::uint64_t counter);

}  // namespace symwave::training::bench
