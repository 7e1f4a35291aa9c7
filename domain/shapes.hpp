// Shapes of a chip seen from above, and their outlines as polygons. Lengths in um, angles in
// degrees. Curves become polygons no further from the curve than a chord error (default 1e-5 um);
// arcs and circles keep their area exactly.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

namespace symwave::domain {

struct Point {
  double x = 0;
  double y = 0;
};

using Polygon = std::vector<Point>;  ///< closed, counter-clockwise, last point not repeated

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

using ShapeGeometry = std::variant<Box, FreePolygon, Circle, Ring, Straight, Taper, SBend, Bend>;

struct Shape {
  ShapeGeometry geometry;
  std::string material;  ///< a name of the deck's materials; a later shape covers an earlier one
  std::string where;     ///< "file:line" of the deck, for messages
};

/// Outlines of a shape: outer boundaries counter-clockwise, holes clockwise. UserError for widths
/// and radii that are not positive, polygons that cross themselves, bends tighter than half their
/// width.
std::vector<Polygon> Outlines(const ShapeGeometry& geometry, double chord_error = 1e-5);

}  // namespace symwave::domain
