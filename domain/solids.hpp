// Bodies in three dimensions as a deck draws them: spheres, blocks, cylinders, prisms along any
// axis. Lengths in um, angles in degrees.
#pragma once

#include <array>
#include <variant>
#include <vector>

namespace symwave::domain {

struct Point {
  double x = 0;
  double y = 0;
};

using Polygon = std::vector<Point>;  ///< closed, counter-clockwise, last point not repeated
using Vector = std::array<double, 3>;

/// Turn about the body's centre, to the left when one looks against `axis`.
struct Rotation {
  Vector axis{0, 0, 1};
  double angle = 0;
};

struct Sphere {
  Vector centre{0, 0, 0};
  double radius = 1;
};
/// Half axes along x, y and z before it is turned.
struct Ellipsoid {
  Vector centre{0, 0, 0};
  Vector radii{1, 1, 1};
  Rotation rotation{};
};
/// Box with its edges along x, y and z before it is turned.
struct Block {
  Vector centre{0, 0, 0};
  Vector size{1, 1, 1};
  Rotation rotation{};
};
/// `centre` lies in the middle of the axis, which points in the direction `axis` of any length.
struct Cylinder {
  Vector centre{0, 0, 0};
  double radius = 1;
  double length = 1;
  Vector axis{0, 0, 1};
};
/// A cylinder whose radius changes linearly along the axis: a frustum, or with a radius of 0 at one
/// end a cone.
struct Cone {
  Vector centre{0, 0, 0};
  double start_radius = 1;
  double end_radius = 0;
  double length = 1;
  Vector axis{0, 0, 1};
};
/// Polygon of the two other coordinates, in the order x, y, z, between two planes across `axis`.
struct Prism {
  Polygon points;
  int axis = 2;
  std::array<double, 2> extent{0, 1};
};

using SolidGeometry = std::variant<Sphere, Ellipsoid, Block, Cylinder, Cone, Prism>;

/// UserError for measures that are not positive, axes of no length, polygons that cross themselves,
/// extents that are empty.
void CheckSolid(const SolidGeometry& geometry);

/// What the plane at height z cuts out; empty where it passes the body by.
std::vector<Polygon> SectionOf(const SolidGeometry& geometry, double z, double chord_error = 1e-5);

/// The image of a body about the plane through the origin across an axis.
SolidGeometry MirrorImage(SolidGeometry geometry, int axis);

SolidGeometry Shifted(SolidGeometry geometry, const Vector& by);

}  // namespace symwave::domain
