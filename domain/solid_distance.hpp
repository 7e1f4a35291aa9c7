// How far points lie from the surface of a body.
#pragma once

#include <array>
#include <variant>
#include <vector>

#include "domain/solids.hpp"

namespace symwave::domain {

/// Axis-parallel box in space, possibly unbounded.
struct Box3 {
  Vector low, high;
};

/// Outlines seen along an axis, which find the edges near a point by rows.
class OutlineDistance {
 public:
  OutlineDistance() = default;
  /// Contours as those of Region.
  explicit OutlineDistance(const std::vector<Polygon>& contours);

  /// Distance to the outline, negative inside; beyond `reach` a value of the same sign that is at
  /// least `reach` in size.
  double At(const Point& p, double reach) const;
  const std::array<Point, 2>& Bounds() const { return bounds_; }

 private:
  struct Edge {
    Point a, b;
  };
  int RowOf(double y) const;

  std::vector<Edge> edges_;
  std::vector<std::vector<int>> rows_;  ///< numbers of the edges that touch each row
  double row_height_ = 1;
  std::array<Point, 2> bounds_{};
};

/// Coordinates along the body's own axes, from its centre.
struct SolidFrame {
  Vector centre{0, 0, 0};
  std::array<Vector, 3> axes{Vector{1, 0, 0}, Vector{0, 1, 0}, Vector{0, 0, 1}};
  Vector Own(const Vector& p) const;
  /// Half widths along x, y, z of a body with these half widths along its own axes.
  void Enclose(const Vector& half, Box3& bounds) const;
};
struct EllipsoidBody {
  SolidFrame frame;
  Vector radii;
};
struct BlockBody {
  SolidFrame frame;
  Vector half;
};
struct ConeBody {
  SolidFrame frame;  ///< the third axis is that of the cone
  double half_length, middle_radius, slope, cosine;
};
struct ColumnBody {
  int axis = 2;
  std::array<double, 2> extent;
  bool everywhere = false;
  OutlineDistance outline;
};

/// A body ready to be asked.
class Solid {
 public:
  explicit Solid(const SolidGeometry& geometry);
  /// What the contours enclose, between two heights, which may be infinite.
  static Solid Column(const std::vector<Polygon>& contours, double bottom, double top);
  /// All between two heights.
  static Solid Slab(double bottom, double top);

  /// Negative inside, zero on the surface; changes by no more than the way between two points, so
  /// that nothing of the surface lies nearer than its size. Beyond `reach` only sign and "at least
  /// reach" count.
  double Distance(const Vector& p, double reach) const;
  const Box3& Bounds() const { return bounds_; }

 private:
  Solid() = default;
  struct Setter;
  struct Asked;

  std::variant<EllipsoidBody, BlockBody, ConeBody, ColumnBody> body_;
  Box3 bounds_{};
};

}  // namespace symwave::domain
