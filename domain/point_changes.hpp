// Changes of eps at points, as programmed into a device.
#pragma once

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/materials.hpp"

namespace symwave::domain {

/// A change of eps at one point of a component of E.
struct PointChange {
  Component component = Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  Complex eps;
};

/// Changes in the order of the points, so that those of a box are found without looking at others.
class SortedChanges {
 public:
  explicit SortedChanges(std::vector<PointChange> changes) : changes_(std::move(changes)) {
    std::stable_sort(
        changes_.begin(), changes_.end(),
        [](const PointChange& a, const PointChange& b) { return KeyOf(a) < KeyOf(b); });
  }

  /// Calls visit(change) for those of a component in a box.
  template <class Visit>
  void ForEachIn(Component c, const IndexBox& box, Visit&& visit) const {
    if (box.Empty()) return;
    auto next = From({c, box.lo[2], box.lo[1], box.lo[0]});
    while (next != changes_.end()) {
      const auto [component, k, j, i] = KeyOf(*next);
      if (component != c || k >= box.hi[2]) return;
      if (j >= box.hi[1]) {
        next = From({c, k + 1, box.lo[1], box.lo[0]});
      } else if (j < box.lo[1] || i < box.lo[0]) {
        next = From({c, k, std::max(j, box.lo[1]), box.lo[0]});
      } else if (i >= box.hi[0]) {
        next = From({c, k, j + 1, box.lo[0]});
      } else {
        visit(*next);
        ++next;
      }
    }
  }

 private:
  using Key = std::tuple<Component, int, int, int>;  // z, y, x
  static Key KeyOf(const PointChange& change) {
    return {change.component, change.point[2], change.point[1], change.point[0]};
  }
  std::vector<PointChange>::const_iterator From(const Key& key) const {
    return std::lower_bound(changes_.begin(), changes_.end(), key,
                            [](const PointChange& a, const Key& b) { return KeyOf(a) < b; });
  }

  std::vector<PointChange> changes_;
};

}  // namespace symwave::domain
