// The Yee lattice of both full-wave solvers in 2D and 3D: where every field component lives, what
// ends each axis, and boxes of lattice points.
//
// Along an axis with N cells the nodes are the N + 1 faces of the cells and the halves are the N
// centres. E_a sits on a half along a and on nodes along the other axes, H_a on a node along a and
// on halves along the other axes; point (i, j, k) names node i or half i (between node i and i +
// 1):
//
//   Ex (i+1/2, j, k)      Ey (i, j+1/2, k)      Ez (i, j, k+1/2)
//   Hx (i, j+1/2, k+1/2)  Hy (i+1/2, j, k+1/2)  Hz (i+1/2, j+1/2, k)
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/axis.hpp"

namespace symwave::domain {

enum class Component { Ex = 0, Ey, Ez, Hx, Hy, Hz };

inline bool IsElectric(Component c) {
  return static_cast<int>(c) < 3;
}
/// Axis a of E_a or H_a.
inline AxisName DirectionOf(Component c) {
  return static_cast<AxisName>(static_cast<int>(c) % 3);
}
/// E and H along an axis; the axis after z is x.
inline Component ElectricAlong(int axis) {
  return static_cast<Component>(axis % 3);
}
inline Component MagneticAlong(int axis) {
  return static_cast<Component>(3 + axis % 3);
}
std::string NameOf(Component c);
/// The component out of the plane of a 2D problem.
inline Component OutOfPlane(Polarization polarization) {
  return polarization == Polarization::Ez ? Component::Ez : Component::Hz;
}

/// What ends an axis at one side. A PML lies in front of its wall.
enum class Wall { Pec, Pmc, Periodic };

/// Fields of a lattice: all six, or those of a 2D problem without variation along z.
enum class FieldSet { All, Ez, Hz };

struct AxisEnd {
  Wall wall = Wall::Pec;
  int pml_cells = 0;
};

/// Half-open box of lattice points, lo <= index < hi on every axis.
struct IndexBox {
  std::array<int, 3> lo{0, 0, 0};
  std::array<int, 3> hi{0, 0, 0};

  int Extent(int axis) const { return hi[axis] > lo[axis] ? hi[axis] - lo[axis] : 0; }
  long Count() const { return static_cast<long>(Extent(0)) * Extent(1) * Extent(2); }
  bool Empty() const { return Count() == 0; }
  bool Contains(int i, int j, int k) const {
    return i >= lo[0] && i < hi[0] && j >= lo[1] && j < hi[1] && k >= lo[2] && k < hi[2];
  }
  /// Number of a point in an array of the box, x fastest.
  long Offset(int i, int j, int k) const {
    return (static_cast<long>(k - lo[2]) * Extent(1) + (j - lo[1])) * Extent(0) + (i - lo[0]);
  }
  bool operator==(const IndexBox& o) const { return lo == o.lo && hi == o.hi; }
};
/// Possibly empty.
IndexBox Intersect(const IndexBox& a, const IndexBox& b);
IndexBox Shift(IndexBox box, const std::array<int, 3>& by);
/// `box` with `by` more points on every side of the axes that have more than one point.
IndexBox Grow(IndexBox box, int by);

class Lattice {
 public:
  /// 3D. A periodic axis is periodic at both ends; `bloch` is the phase [rad] that the fields gain
  /// over one period along each axis (0 elsewhere). UserError where an axis has fewer cells than
  /// its PMLs or its Bloch phase need, or is periodic on one end only.
  Lattice(std::array<Axis, 3> axes, std::array<std::array<AxisEnd, 2>, 3> ends,
          std::array<double, 3> bloch = {0, 0, 0});
  /// 2D: one cell of 1 um along z, no variation; `fields` Ez or Hz.
  Lattice(FieldSet fields, std::array<Axis, 2> axes, std::array<std::array<AxisEnd, 2>, 2> ends,
          std::array<double, 2> bloch = {0, 0});

  FieldSet Fields() const { return fields_; }
  bool TwoDimensional() const { return fields_ != FieldSet::All; }
  bool Has(Component c) const;
  const Axis& Along(int axis) const { return axes_[axis]; }
  const AxisEnd& End(int axis, int side) const { return ends_[axis][side]; }
  bool Periodic(int axis) const { return ends_[axis][0].wall == Wall::Periodic; }
  double BlochPhase(int axis) const { return bloch_[axis]; }
  /// True when some Bloch phase makes the fields complex.
  bool HasBlochPhase() const { return bloch_[0] != 0 || bloch_[1] != 0 || bloch_[2] != 0; }

  int Cells(int axis) const { return axes_[axis].Cells(); }
  long CellCount() const { return static_cast<long>(Cells(0)) * Cells(1) * Cells(2); }
  /// Lattice points along an axis: the nodes, Cells() + 1; Cells() where the axis is periodic, and
  /// 1 along z in 2D. Halves beyond the last cell carry no field.
  int Points(int axis) const;
  IndexBox AllPoints() const;

  Stagger StaggerOf(Component c, int axis) const;
  /// Coordinate of point `i` of a component along an axis [um]; continues periodically, and with
  /// the outermost cell size beyond walls.
  double Position(Component c, int axis, int i) const;
  /// Node and half coordinates continued in the same way.
  double Node(int axis, int i) const;
  double HalfNode(int axis, int i) const { return 0.5 * (Node(axis, i) + Node(axis, i + 1)); }
  /// The node nearest to a coordinate; where it lies in the middle of two, to 1e-6 of their
  /// distance, the lower or the upper one. An end for coordinates beyond it.
  int NearestNode(int axis, double position, bool upper_of_two = false) const;
  /// Width of cell i, and distance of the two halves on either side of node i, both continued.
  double CellWidth(int axis, int i) const { return Node(axis, i + 1) - Node(axis, i); }
  double NodeSpacing(int axis, int i) const { return HalfNode(axis, i) - HalfNode(axis, i - 1); }
  /// Length that belongs to a point of a component along an axis, the weight of sums over points: a
  /// cell width on halves; on nodes the node spacing, of which only one half lies inside at a wall.
  double Weight(Component c, int axis, int i) const;
  double SmallestWidth(int axis) const;
  /// Largest dt [um] of the leapfrog in a medium of index 1: 1 / sqrt(sum 1/width^2).
  double CourantLimit() const;
  /// The box of points whose nodes lie inside all PMLs.
  IndexBox InsidePml() const;
  /// Number of the point of a component at the mirror image, about the middle of the axis, of point
  /// i.
  int MirrorImage(Component c, int axis, int i) const {
    return (StaggerOf(c, axis) == Stagger::Centre ? Cells(axis) - 1 : Cells(axis)) - i;
  }

 private:
  void Check() const;
  std::array<Axis, 3> axes_;
  std::array<std::array<AxisEnd, 2>, 3> ends_;
  std::array<double, 3> bloch_;
  FieldSet fields_;
};

}  // namespace symwave::domain
