// Boxes around outlines, and which of many meet.
#pragma once

#include <array>
#include <cmath>
#include <vector>

namespace symwave::domain {

/// An axis-parallel box that grows with its points; empty without one.
struct OutlineBox {
  std::array<double, 2> low{HUGE_VAL, HUGE_VAL};
  std::array<double, 2> high{-HUGE_VAL, -HUGE_VAL};

  void Add(double x, double y);
  void Add(const OutlineBox& other);
  bool Empty() const { return low[0] > high[0]; }
  bool Touches(const OutlineBox& other) const;
  bool Holds(const OutlineBox& other) const;
};

/// Groups of boxes that touch or overlap, directly or through others of the group: their numbers in
/// increasing order, the groups by their first one.
std::vector<std::vector<size_t>> GroupsByBox(const std::vector<OutlineBox>& boxes);

/// Numbers of boxes in the bins of a mesh over all of them, about as many bins as boxes.
class BoxBins {
 public:
  explicit BoxBins(const std::vector<OutlineBox>& boxes);
  const std::vector<std::vector<size_t>>& All() const { return bins_; }
  /// Those that may hold a point.
  const std::vector<size_t>& At(double x, double y) const {
    return bins_[static_cast<size_t>(Bin(y, 1)) * static_cast<size_t>(across_) +
                 static_cast<size_t>(Bin(x, 0))];
  }

 private:
  int Bin(double at, size_t axis) const;

  OutlineBox whole_;
  int across_ = 1;
  std::vector<std::vector<size_t>> bins_;
};

}  // namespace symwave::domain
