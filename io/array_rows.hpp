// Boxes of row-major arrays, walked row by row.
#pragma once

#include <cstddef>
#include <cstdint>

#include "domain/base/state_archive.hpp"

namespace symwave::io {

/// Number of elements of this part.
inline std::uint64_t Elements(const base::ArrayPart& part) {
  std::uint64_t product = 1;
  for (const std::uint64_t n : part.count) product *= n;
  return product;
}

/// Number of elements of the whole array.
inline std::uint64_t GlobalElements(const base::ArrayPart& part) {
  std::uint64_t product = 1;
  for (const std::uint64_t n : part.global) product *= n;
  return product;
}

/// Calls row(first, place, length) for the longest runs of the box offset .. offset + count of an
/// array of the shape `global` that are contiguous in it: number of the first element in the
/// array, place of that element in the box, elements of the run.
template <class Row>
void ForEachRow(const base::ArrayPart& box, Row&& row) {
  const std::uint64_t all = Elements(box);
  if (all == 0) return;
  std::size_t outer = box.global.size();  // dimensions that are walked; the rest is one run
  std::uint64_t length = 1;
  while (outer > 0) {
    --outer;
    length *= box.count[outer];
    if (box.count[outer] != box.global[outer]) break;
  }
  std::vector<std::uint64_t> at(outer, 0);
  for (std::uint64_t place = 0; place < all; place += length) {
    std::uint64_t first = 0;
    for (std::size_t d = 0; d < box.global.size(); ++d) {
      first = first * box.global[d] + box.offset[d] + (d < outer ? at[d] : 0);
    }
    row(first, place, length);
    for (std::size_t d = outer; d > 0 && ++at[d - 1] == box.count[d - 1]; --d) at[d - 1] = 0;
  }
}

}  // namespace symwave::io
