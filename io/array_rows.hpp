// Boxes of row-major arrays, walked row by row.
#pragma once

#include <cstddef>
#include <cstdint>

#include "domain/base/state_archive.hpp"
#include "io/row_cursor.hpp"

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
  RowCursor cursor(box);
  for (std::uint64_t place = 0; place < all; place += cursor.Length()) {
    row(cursor.First(), place, cursor.Length());
    cursor.Next();
  }
}

}  // namespace symwave::io
