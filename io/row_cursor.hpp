// A walk through a box of a row-major array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "domain/base/state_archive.hpp"

namespace symwave::io {

/// Stands on one of the longest runs of the box offset .. offset + count of an array of the shape
/// `global` that are contiguous in it. Made for a box that is not empty.
class RowCursor {
 public:
  explicit RowCursor(const base::ArrayPart& box) : box_(box), outer_(box.global.size()) {
    while (outer_ > 0) {
      --outer_;
      length_ *= box.count[outer_];
      if (box.count[outer_] != box.global[outer_]) break;
    }
    at_.assign(outer_, 0);
  }

  /// Elements of the run.
  std::uint64_t Length() const { return length_; }
  /// Number of its first element in the array.
  std::uint64_t First() const {
    std::uint64_t first = 0;
    for (std::size_t d = 0; d < box_.global.size(); ++d) {
      first = first * box_.global[d] + box_.offset[d] + (d < outer_ ? at_[d] : 0);
    }
    return first;
  }
  /// To the next run; behind the last one to the first.
  void Next() {
    for (std::size_t d = outer_; d > 0 && ++at_[d - 1] == box_.count[d - 1]; --d) at_[d - 1] = 0;
  }

 private:
  base::ArrayPart box_;
  std::size_t outer_;  ///< dimensions that are walked; the rest is one run
  std::uint64_t length_ = 1;
  std::vector<std::uint64_t> at_;
};

}  // namespace symwave::io
