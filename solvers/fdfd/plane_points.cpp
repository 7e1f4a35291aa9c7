#include "solvers/fdfd/plane_points.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/yee/pml_depth.hpp"

namespace symwave::solvers::fdfd {

using domain::Wall;

PlanePoints::PlanePoints(const domain::Lattice& lattice)
    : lattice_(lattice), ez_(lattice.Fields() == domain::FieldSet::Ez) {
  base::Require(lattice_.TwoDimensional(), "a lattice of two dimensions");
  for (int axis = 0; axis < 2; ++axis) {
    const int cells = lattice_.Cells(axis);
    int last = cells - 1;
    if (ez_ && !lattice_.Periodic(axis)) {
      first_[axis] = lattice_.End(axis, 0).wall == Wall::Pec ? 1 : 0;
      last = lattice_.End(axis, 1).wall == Wall::Pec ? cells - 1 : cells;
    }
    count_[axis] = last - first_[axis] + 1;
    if (count_[axis] < 1) {
      base::Fail(
          "the {} axis has {} cell{} between its walls, where no field is left; take smaller "
          "cells",
          "xy"[axis], cells, cells == 1 ? "" : "s");
    }
  }
}

double PlanePoints::Spacing(int axis, int f) const {
  return ez_ ? lattice_.CellWidth(axis, first_[axis] + f - 1) : lattice_.NodeSpacing(axis, f);
}

double PlanePoints::Border(int axis, int f) const {
  if (!ez_) return lattice_.Node(axis, f);
  if (f == 0 && FaceFactor(axis, f) == 0) return lattice_.Node(axis, 0);
  if (f == Count(axis) && FaceFactor(axis, f) == 0)
    return lattice_.Node(axis, first_[axis] + f - 1);
  return lattice_.HalfNode(axis, first_[axis] + f - 1);
}

double PlanePoints::FaceFactor(int axis, int f) const {
  if ((f > 0 && f < Count(axis)) || Periodic(axis)) return 1;
  const Wall wall = lattice_.End(axis, f == 0 ? 0 : 1).wall;
  if (ez_) return wall == Wall::Pec ? 1 : 0;
  return wall == Wall::Pec ? 0 : 2;
}

int PlanePoints::PmlPoints(int axis, int side) const {
  const int cells = lattice_.End(axis, side).pml_cells;
  return ez_ && cells > 0 ? cells - 1 : cells;
}

int PlanePoints::PointAt(int axis, double position, bool upper) const {
  const int n = Count(axis);
  const double nudge = 1e-6 * lattice_.CellWidth(axis, 0) * (upper ? 1 : -1);
  const double at = position + nudge;
  if (at < Border(axis, 0) || at >= Border(axis, n)) return -1;
  int low = 0, high = n;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (at >= Border(axis, middle) ? low : high) = middle;
  }
  return low;
}

int PlanePoints::NearestBorder(int axis, double position) const {
  int best = 0;
  for (int f = 0; f <= Count(axis); ++f) {
    if (std::abs(Border(axis, f) - position) < std::abs(Border(axis, best) - position)) best = f;
  }
  return best;
}

Complex PlanePoints::Stretch(int axis, double position, double omega) const {
  // sigma(d) = sigma_max (d / L)^3 with 2 int sigma = -ln R, hence sigma_max = -2 ln R / L.
  const yee::PmlDepth depth = yee::DepthInPml(lattice_, axis, position);
  if (depth.share < 1e-9) return {1.0, 0.0};
  const double sigma_max = -2 * std::log(kPmlReflection) / depth.thickness;
  return {1.0, sigma_max * std::pow(depth.share, 3) / omega};
}

Complex PlanePoints::StretchAtPoint(int axis, int i, double omega) const {
  return Stretch(axis, Position(axis, i), omega);
}

Complex PlanePoints::StretchAtFace(int axis, int f, double omega) const {
  const double position =
      ez_ ? lattice_.HalfNode(axis, first_[axis] + f - 1) : lattice_.Node(axis, f);
  return Stretch(axis, position, omega);
}

}  // namespace symwave::solvers::fdfd
