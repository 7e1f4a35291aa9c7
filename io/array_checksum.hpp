// Checksum of an array that does not depend on how the array is dealt to ranks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "domain/base/state_archive.hpp"

namespace symwave::io {

/// The array is read as words of W bytes (W = 8 where the size of an element is a multiple of 8, 4
/// where it is 4, else 1). With the word w at position i of the whole array, all modulo 2^64,
///   sum over i of mix(w + (i + 1) 9E3779B97F4A7C15h),
///   mix(x): x ^= x >> 32, x *= D6E8FEB86659FD93h, x ^= x >> 29, x *= 9FB21C651E98DF25h, x ^= x
///   >> 32.
/// mix is one to one, so that no change of a single word is missed; the sums of disjoint parts add
/// up to the sum of the whole. This one is of `count` elements from number `first`.
std::uint64_t ArraySum(const void* values, std::size_t element_size, std::uint64_t first,
                       std::uint64_t count);

/// Of the elements of a box, which lie in `values` one after another.
std::uint64_t ArraySum(const void* values, std::size_t element_size, const base::ArrayPart& box);

}  // namespace symwave::io
