#include "domain/outline_boxes.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace symwave::domain {

namespace {

/// Sets of numbers that become one when two of their members are joined.
class JoinedSets {
 public:
  explicit JoinedSets(size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t Root(size_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  void Join(size_t a, size_t b) {
    const size_t ra = Root(a), rb = Root(b);
    parent_[std::max(ra, rb)] = std::min(ra, rb);
  }

 private:
  std::vector<size_t> parent_;
};

}  // namespace

BoxBins::BoxBins(const std::vector<OutlineBox>& boxes) {
  for (const OutlineBox& box : boxes) {
    if (box.Empty()) continue;
    whole_.Add(box);
  }
  across_ = std::max(1, static_cast<int>(std::sqrt(static_cast<double>(boxes.size()))));
  bins_.resize(static_cast<size_t>(across_) * across_);
  for (size_t k = 0; k < boxes.size(); ++k) {
    if (boxes[k].Empty()) continue;
    for (int j = Bin(boxes[k].low[1], 1); j <= Bin(boxes[k].high[1], 1); ++j) {
      for (int i = Bin(boxes[k].low[0], 0); i <= Bin(boxes[k].high[0], 0); ++i) {
        bins_[static_cast<size_t>(j) * across_ + i].push_back(k);
      }
    }
  }
}

int BoxBins::Bin(double at, size_t axis) const {
  const double extent = whole_.high[axis] - whole_.low[axis];
  if (!(extent > 0)) return 0;
  return std::clamp(static_cast<int>((at - whole_.low[axis]) / extent * across_), 0, across_ - 1);
}

void OutlineBox::Add(double x, double y) {
  low = {std::min(low[0], x), std::min(low[1], y)};
  high = {std::max(high[0], x), std::max(high[1], y)};
}

void OutlineBox::Add(const OutlineBox& other) {
  if (other.Empty()) return;
  Add(other.low[0], other.low[1]);
  Add(other.high[0], other.high[1]);
}

bool OutlineBox::Touches(const OutlineBox& other) const {
  return low[0] <= other.high[0] && other.low[0] <= high[0] && low[1] <= other.high[1] &&
         other.low[1] <= high[1];
}

bool OutlineBox::Holds(const OutlineBox& other) const {
  return low[0] <= other.low[0] && other.high[0] <= high[0] && low[1] <= other.low[1] &&
         other.high[1] <= high[1];
}

std::vector<std::vector<size_t>> GroupsByBox(const std::vector<OutlineBox>& boxes) {
  JoinedSets sets(boxes.size());
  const BoxBins bins(boxes);
  for (const std::vector<size_t>& bin : bins.All()) {
    for (size_t a = 0; a < bin.size(); ++a) {
      for (size_t b = a + 1; b < bin.size(); ++b) {
        if (boxes[bin[a]].Touches(boxes[bin[b]])) sets.Join(bin[a], bin[b]);
      }
    }
  }
  std::map<size_t, size_t> number;
  std::vector<std::vector<size_t>> groups;
  for (size_t k = 0; k < boxes.size(); ++k) {
    const auto [at, fresh] = number.emplace(sets.Root(k), groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(k);
  }
  return groups;
}

}  // namespace symwave::domain
