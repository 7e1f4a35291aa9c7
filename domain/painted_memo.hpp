// The latest unions of many outlines: a layout of a hundred thousand polygons is painted alike for
// the lattice, the structure and the checks.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "domain/regions.hpp"

namespace symwave::domain {

/// What was painted and the regions it became. Safe for threads. It keeps `kKept` results, of a
/// million corners some 30 MB each.
class PaintedMemo {
 public:
  /// The regions of the same areas, compared number by number, where they are kept.
  std::optional<std::vector<Region>> Find(const std::vector<Region>& painted) const;
  void Keep(const std::vector<Region>& painted, const std::vector<Region>& regions);

 private:
  static constexpr size_t kKept = 3;
  struct Entry {
    std::vector<Region> painted;
    std::vector<Region> regions;
  };
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;  ///< the latest first
};

}  // namespace symwave::domain
