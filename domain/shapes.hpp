// Shapes of a chip seen from above, and their outlines as polygons. Lengths in um, angles in
// degrees. Curves become polygons no further from the curve than a chord error (default 1e-5 um);
// arcs and circles keep their area exactly.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/solids.hpp"

namespace symwave::domain {

/// Axis-parallel box.
struct Box {
  Point centre;
  std::array<double, 2> size{1, 1};
};
struct FreePolygon {
  std::vector<Point> points;
};
struct Circle {
  Point centre;
  double radius = 1;
};
/// Ring, or a part of it between two angles (counter-clockwise from the x axis).
struct Ring {
  Point centre;
  double radius = 5;  ///< of the centre line
  double width = 0.5;
  double start_angle = 0;
  double end_angle = 360;
};
/// Straight guide between two points.
struct Straight {
  Point from, to;
  double width = 0.5;
};
/// Guide whose width changes linearly.
struct Taper {
  Point from, to;
  double start_width = 0.5;
  double end_width = 1;
};
/// S-bend along x with a raised-cosine centre line: y = y0 + (y1 - y0) (1 - cos(pi t)) / 2; the
/// width is measured across the centre line.
struct SBend {
  Point from, to;
  double width = 0.5;
};
/// Circular 90-degree (or any angle) bend: starts at `from` in direction `heading` and turns by
/// `turn` (positive: to the left) with radius `radius`.
struct Bend {
  Point from;
  double heading = 0;
  double turn = 90;
  double radius = 5;
  double width = 0.5;
};

/// Two half circles and two straight guides of `straight` um, along `heading`.
struct Racetrack {
  Point centre;
  double radius = 5;  ///< of the centre line
  double straight = 5;
  double width = 0.5;
  double heading = 0;
};
/// Bend whose curvature grows from 0 linearly along the way, stays, and falls to 0 again; the
/// fraction `p` of the turn is made while it changes (1: nowhere constant). It ends where a
/// circular bend of radius `radius` ends, gdsfactory's bend_euler with its default
/// with_arc_floorplan; its tightest radius is smaller.
struct EulerBend {
  Point from;
  double heading = 0;
  double turn = 90;  ///< to the left when positive, at most 180 either way
  double radius = 10;
  double p = 0.5;
  double width = 0.5;
};
/// Teeth along `heading`, the first from `from` on, each `duty` of a period long and `width` um
/// wide.
struct Grating {
  Point from;
  double heading = 0;
  double period = 0.6;
  double duty = 0.5;
  int count = 10;
  double width = 10;
};

/// Outlines that are disjoint and do not cross themselves, as UniteOutlines (polygon_union.hpp)
/// gives them: outer boundaries counter-clockwise, holes clockwise. They are taken as they are.
struct PolygonSet {
  std::vector<Polygon> contours;
};

using ShapeGeometry =
    std::variant<Box, FreePolygon, Circle, Ring, Straight, Taper, SBend, Bend, Racetrack, EulerBend,
                 Grating, Sphere, Ellipsoid, Block, Cylinder, Cone, Prism, PolygonSet>;

/// The body where the geometry is one.
std::optional<SolidGeometry> SolidOf(const ShapeGeometry& geometry);

/// Copies at the steps 0 .. count - 1 of `pitch` along x, y and z.
struct Repeat {
  std::array<int, 3> count{1, 1, 1};
  Vector pitch{0, 0, 0};

  /// Ways to the copies, the first of which is none. UserError for more than a million of them, and
  /// for several at one place.
  std::vector<Vector> Shifts() const;
  bool Once() const { return count == std::array<int, 3>{1, 1, 1}; }
};

struct Shape {
  ShapeGeometry geometry;
  std::string material;  ///< a name of the deck's materials; a later shape covers an earlier one
  std::string where;     ///< "file:line" of the deck, for messages
  double rotate = 0;     ///< degrees, about the centre of the box around it; not of bodies
  Repeat repeat{};
};

/// Outlines of a shape: outer boundaries counter-clockwise, holes clockwise; of a body the section
/// at z = 0. UserError for widths and radii that are not positive, polygons that cross themselves,
/// bends tighter than half their width.
std::vector<Polygon> Outlines(const ShapeGeometry& geometry, double chord_error = 1e-5);
/// The same, turned, and with the copies along x and y.
std::vector<Polygon> Outlines(const Shape& shape);

}  // namespace symwave::domain
