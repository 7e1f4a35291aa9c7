// Random numbers of measurements: each depends on the seed, on what is measured and on the number
// of the pixel in the whole plane, and on nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace symwave::training::bench {

/// One stream of random numbers for a seed and the numbers that name its purpose.
std::uint64_t NoiseStream(std::uint64_t seed, std::initializer_list<std::uint64_t> names);

/// Uniform in [0, 2 pi), of (stream, counter).
double RandomPhase(std::uint64_t stream, std::uint64_t counter);

/// Pairs of standard normal numbers (Box and Muller) of the counters first, first + stride ...; a
/// number depends on (stream, counter) alone. Many at once, so that compilers vectorise it.
void GaussianPairs(std::uint64_t stream, std::uint64_t first, std::uint64_t stride,
                   std::size_t count, double* a, double* b);

/// Poisson distributed, exact: below a mean of 10 by inversion, from there by transformed rejection
/// (algorithm PTRS of Hoermann, Insurance: Mathematics and Economics 12, 39 (1993)).
/// Takes the numbers (stream, counter) and, of its own, further ones that no other counter takes.
double Poisson(double mean, std::uint64_t stream, std::uint64_t counter);

/// From which mean and which rms of additional noise on ElectronsFromGaussian is meant to be used.
constexpr double kManyElectrons = 64, kSmoothReadNoise = 1;

/// Poisson(mean) + read_noise N(0, 1) made of one standard normal number, by the expansion of
/// Cornish and Fisher to the fourth cumulant. Steps between whole electrons are lost in the read
/// noise, exp(-2 pi^2 read_noise^2).
double ElectronsFromGaussian(double mean, double read_noise, double gaussian);

}  // namespace symwave::training::bench
