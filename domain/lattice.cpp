#include "domain/lattice.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

std::string NameOf(Component c) {
  static const std::array<std::string, 6> kNames{"Ex", "Ey", "Ez", "Hx", "Hy", "Hz"};
  return kNames[static_cast<size_t>(c)];
}

IndexBox Intersect(const IndexBox& a, const IndexBox& b) {
  IndexBox box;
  for (int d = 0; d < 3; ++d) {
    box.lo[d] = std::max(a.lo[d], b.lo[d]);
    box.hi[d] = std::max(box.lo[d], std::min(a.hi[d], b.hi[d]));
  }
  return box;
}

IndexBox Shift(IndexBox box, const std::array<int, 3>& by) {
  for (int d = 0; d < 3; ++d) {
    box.lo[d] += by[d];
    box.hi[d] += by[d];
  }
  return box;
}

IndexBox Grow(IndexBox box, int by) {
  for (int d = 0; d < 3; ++d) {
    if (box.hi[d] - box.lo[d] <= 1 && box.lo[d] == 0) continue;
    box.lo[d] -= by;
    box.hi[d] += by;
  }
  return box;
}

Lattice::Lattice(std::array<Axis, 3> axes, std::array<std::array<AxisEnd, 2>, 3> ends,
                 std::array<double, 3> bloch)
    : axes_(std::move(axes)), ends_(ends), bloch_(bloch), fields_(FieldSet::All) {
  Check();
}

Lattice::Lattice(FieldSet fields, std::array<Axis, 2> axes,
                 std::array<std::array<AxisEnd, 2>, 2> ends, std::array<double, 2> bloch)
    : axes_{std::move(axes[0]), std::move(axes[1]), Axis::Uniform(1.0, 1)},
      ends_{ends[0], ends[1], {AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}}},
      bloch_{bloch[0], bloch[1], 0},
      fields_(fields) {
  base::Require(fields != FieldSet::All, "a 2D lattice carries Ez or Hz");
  Check();
}

void Lattice::Check() const {
  for (int d = 0; d < 3; ++d) {
    const char name = "xyz"[d];
    const auto& [low, high] = ends_[d];
    if ((low.wall == Wall::Periodic) != (high.wall == Wall::Periodic)) {
      base::Fail("the {} axis is periodic at one end only; it must be periodic at both", name);
    }
    if (low.wall == Wall::Periodic && low.pml_cells + high.pml_cells > 0) {
      base::Fail("the {} axis is periodic and cannot end in a PML as well", name);
    }
    if (low.wall != Wall::Periodic && bloch_[d] != 0) {
      base::Fail("a Bloch phase along {} needs periodic ends", name);
    }
    if (bloch_[d] != 0 && Cells(d) == 1) {
      base::Fail("the {} axis has one cell, which cannot carry a Bloch phase; use two or more",
                 name);
    }
    if (low.pml_cells + high.pml_cells >= Cells(d)) {
      base::Fail("the {} axis has {} cells, but its PMLs take {}", name, Cells(d),
                 low.pml_cells + high.pml_cells);
    }
  }
}

bool Lattice::Has(Component c) const {
  if (fields_ == FieldSet::All) return true;
  const bool out_of_plane = DirectionOf(c) == AxisName::Z;
  return (fields_ == FieldSet::Ez) == (out_of_plane == IsElectric(c));
}

int Lattice::Points(int axis) const {
  return Periodic(axis) ? Cells(axis) : Cells(axis) + 1;
}

IndexBox Lattice::AllPoints() const {
  return {{0, 0, 0}, {Points(0), Points(1), Points(2)}};
}

Stagger Lattice::StaggerOf(Component c, int axis) const {
  const bool along = static_cast<int>(DirectionOf(c)) == axis;
  return along == IsElectric(c) ? Stagger::Centre : Stagger::Face;
}

double Lattice::Node(int axis, int i) const {
  const Axis& a = axes_[axis];
  const int n = a.Cells();
  if (i >= 0 && i <= n) return a.Face(i);
  if (Periodic(axis)) {
    const int periods = i >= 0 ? i / n : -((n - 1 - i) / n);
    return a.Face(i - periods * n) + periods * a.Length();
  }
  return i < 0 ? a.Face(0) + i * a.Width(0) : a.Face(n) + (i - n) * a.Width(n - 1);
}

int Lattice::NearestNode(int axis, double position, bool upper_of_two) const {
  const std::vector<double>& nodes = axes_[axis].Faces();
  const auto above = std::lower_bound(nodes.begin(), nodes.end(), position);
  if (above == nodes.begin()) return 0;
  if (above == nodes.end()) return Cells(axis);
  const auto upper = static_cast<int>(above - nodes.begin());
  const double beyond_middle = position - 0.5 * (nodes[upper - 1] + nodes[upper]);
  const double tie = 1e-6 * (nodes[upper] - nodes[upper - 1]);
  return beyond_middle > (upper_of_two ? -tie : tie) ? upper : upper - 1;
}

double Lattice::Position(Component c, int axis, int i) const {
  return StaggerOf(c, axis) == Stagger::Centre ? HalfNode(axis, i) : Node(axis, i);
}

double Lattice::Weight(Component c, int axis, int i) const {
  if (StaggerOf(c, axis) == Stagger::Centre) {
    return Periodic(axis) || i < Cells(axis) ? CellWidth(axis, i) : 0.0;
  }
  const bool at_wall = !Periodic(axis) && (i == 0 || i == Cells(axis));
  return (at_wall ? 0.5 : 1.0) * NodeSpacing(axis, i);
}

double Lattice::SmallestWidth(int axis) const {
  double smallest = axes_[axis].Width(0);
  for (int i = 1; i < Cells(axis); ++i) smallest = std::min(smallest, axes_[axis].Width(i));
  return smallest;
}

double Lattice::CourantLimit() const {
  double sum = 0;
  for (int d = 0; d < (TwoDimensional() ? 2 : 3); ++d) sum += std::pow(SmallestWidth(d), -2);
  return 1 / std::sqrt(sum);
}

IndexBox Lattice::InsidePml() const {
  IndexBox box = AllPoints();
  for (int d = 0; d < 3; ++d) {
    box.lo[d] += ends_[d][0].pml_cells;
    box.hi[d] -= ends_[d][1].pml_cells;
  }
  return box;
}

}  // namespace symwave::domain
