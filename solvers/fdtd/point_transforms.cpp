#include "solvers/fdtd/point_transforms.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace symwave::solvers::fdtd {

using domain::IndexBox;

namespace {

struct InOrder {
  bool operator()(const ElementPoint& a, const ElementPoint& b) const {
    return std::tie(a.component, a.at[2], a.at[1], a.at[0]) <
           std::tie(b.component, b.at[2], b.at[1], b.at[0]);
  }
};

bool Same(const ElementPoint& a, const ElementPoint& b) {
  return a.component == b.component && a.at == b.at;
}

}  // namespace

PointList::PointList(std::vector<ElementPoint> points) : points_(std::move(points)) {
  std::sort(points_.begin(), points_.end(), InOrder());
  points_.erase(std::unique(points_.begin(), points_.end(), Same), points_.end());
}

long PointList::NumberOf(const ElementPoint& point) const {
  const auto found = std::lower_bound(points_.begin(), points_.end(), point, InOrder());
  return found == points_.end() || !Same(*found, point) ? -1 : found - points_.begin();
}

PointTransforms::PointTransforms(std::vector<ElementPoint> points) : points_(std::move(points)) {
  Cover();
}

/// Appends `next` to the last box that it continues along `axis`, being as large across.
void PointTransforms::AppendAlong(int axis, const Box& next, std::vector<Box>& boxes) {
  for (auto known = boxes.rbegin(); known != boxes.rend(); ++known) {
    if (known->component != next.component || known->box.hi[axis] != next.box.lo[axis]) continue;
    bool equal = true;
    for (int d = 0; d < 3; ++d) {
      if (d == axis) continue;
      equal = equal && known->box.lo[d] == next.box.lo[d] && known->box.hi[d] == next.box.hi[d];
    }
    if (!equal) continue;
    known->box.hi[axis] = next.box.hi[axis];
    return;
  }
  boxes.push_back(next);
}

/// Rows of neighbours along x, equal rows along y, equal plates along z.
void PointTransforms::Cover() {
  for (const ElementPoint& point : points_.All()) {
    const auto [i, j, k] = point.at;
    const Box one{point.component, {{i, j, k}, {i + 1, j + 1, k + 1}}};
    const bool goes_on = !boxes_.empty() && boxes_.back().component == point.component &&
                         boxes_.back().box.hi == std::array<int, 3>{i, j + 1, k + 1};
    if (goes_on) {
      boxes_.back().box.hi[0] = i + 1;
    } else {
      boxes_.push_back(one);
    }
  }
  for (const int axis : {1, 2}) {
    std::vector<Box> merged;
    for (const Box& box : boxes_) AppendAlong(axis, box, merged);
    boxes_ = std::move(merged);
  }
}

void PointTransforms::AddTo(Engine& engine, const std::vector<double>& omegas, int every) {
  numbers_.clear();
  for (const Box& of : boxes_) {
    numbers_.push_back(engine.AddDft({of.box, {of.component}, omegas, every}));
  }
}

Eigen::MatrixXcd PointTransforms::Values(const Engine& engine) const {
  Eigen::MatrixXcd values;
  for (const int number : numbers_) {
    const DftBlock block = engine.Dft(number);
    const auto omegas = static_cast<Eigen::Index>(block.omegas.size());
    if (values.size() == 0) {
      values.setZero(static_cast<Eigen::Index>(points_.All().size()), omegas);
    }
    const IndexBox& box = block.box;
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const long first =
            box.Empty() ? 0 : points_.NumberOf({block.components[0], {box.lo[0], j, k}});
        for (int i = box.lo[0]; i < box.hi[0]; ++i) {
          for (Eigen::Index w = 0; w < omegas; ++w) {
            values(first + i - box.lo[0], w) = block.At(0, static_cast<int>(w), i, j, k);
          }
        }
      }
    }
  }
  return values;
}

}  // namespace symwave::solvers::fdtd
