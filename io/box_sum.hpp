// The checksum of a box of an array, piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>

#include "domain/base/state_archive.hpp"
#include "io/row_cursor.hpp"

namespace symwave::io {

/// The sum of io/array_checksum.hpp of the elements of a box, which are handed over one after
/// another as they are written or read, in pieces of any length: no piece is fetched from memory a
/// second time to be summed.
class BoxSum {
 public:
  BoxSum(std::size_t element_size, const base::ArrayPart& box) : size_(element_size), row_(box) {}

  /// The next `count` elements; no more in all than the box has.
  void Add(const void* values, std::uint64_t count);
  std::uint64_t Value() const { return sum_; }

 private:
  std::size_t size_;
  RowCursor row_;
  std::uint64_t done_ = 0;  ///< elements of the present row
  std::uint64_t sum_ = 0;
};

}  // namespace symwave::io
