// The unknowns of a 2D problem in frequency domain: the points of the component out of the plane
// that no wall sets to zero, and the faces between them, where the components of the other field
// in the plane live.
#pragma once

#include <array>

#include "domain/column_range.hpp"
#include "domain/lattice.hpp"

namespace symwave::solvers::fdfd {

using domain::AxisName;
using domain::ColumnRange;
using domain::Complex;

/// Points are numbered from 0 along each axis, and face f lies between points f - 1 and f: N points
/// and N + 1 faces. Points of Ez are nodes, those of Hz halves of the lattice. Column i holds the
/// points (i, 0) ... (i, Ny - 1), and unknown i Ny + j is the point (i, j), so that a range of
/// columns is contiguous. Along a periodic axis face 0 and face N are the same.
class PlanePoints {
 public:
  /// `lattice` is two-dimensional.
  explicit PlanePoints(const domain::Lattice& lattice);

  const domain::Lattice& Lattice() const { return lattice_; }
  domain::Component Field() const { return ez_ ? domain::Component::Ez : domain::Component::Hz; }
  bool Ez() const { return ez_; }
  int Count(int axis) const { return count_[axis]; }
  int Nx() const { return count_[0]; }
  int Ny() const { return count_[1]; }
  long Unknowns() const { return static_cast<long>(count_[0]) * count_[1]; }

  /// Number of the first point in the lattice.
  int First(int axis) const { return first_[axis]; }
  double Position(int axis, int i) const {
    return lattice_.Position(Field(), axis, first_[axis] + i);
  }
  /// Length that belongs to a point, half of it outside of a magnetic wall on a node.
  double Width(int axis, int i) const { return lattice_.Weight(Field(), axis, first_[axis] + i); }
  /// Distance of the two points beside a face, continued beyond the ends.
  double Spacing(int axis, int f) const;
  /// Where a face lies, between its points: the border of what belongs to them.
  double Border(int axis, int f) const;
  bool Periodic(int axis) const { return lattice_.Periodic(axis); }
  /// What multiplies the difference across a face: 1 inside; at the ends, of the point and zero one
  /// spacing on, 2 where zero is half a spacing on, and 0 where nothing flows.
  double FaceFactor(int axis, int f) const;
  /// Points in the PML of a side.
  int PmlPoints(int axis, int side) const;
  bool HasPml(int axis, int side) const { return lattice_.End(axis, side).pml_cells > 0; }
  /// The point whose border cell holds a coordinate, of two the one that `upper` says; -1 outside.
  int PointAt(int axis, double position, bool upper) const;
  /// The border nearest to a coordinate.
  int NearestBorder(int axis, double position) const;

  /// Stretch s = 1 + i sigma / omega of the PML at a point or face; sigma grows with the third
  /// power of depth up to a round-trip amplitude exp(-2 int sigma) = kPmlReflection at normal
  /// incidence in a medium of index 1.
  Complex StretchAtPoint(int axis, int i, double omega) const;
  Complex StretchAtFace(int axis, int f, double omega) const;

 private:
  Complex Stretch(int axis, double position, double omega) const;

  domain::Lattice lattice_;
  bool ez_;
  std::array<int, 2> first_{0, 0}, count_{0, 0};
};

/// Amplitude that light of index 1 keeps through the PML and back.
constexpr double kPmlReflection = 1e-6;

}  // namespace symwave::solvers::fdfd
