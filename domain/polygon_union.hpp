// Outlines of drawn polygons and paths as layout files hold them: any number, overlapping,
// touching, crossing themselves. Lengths in um; Clipper, 1e-10 um resolution.
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "domain/shapes.hpp"

namespace symwave::domain {

/// What lies in any of the polygons, outer boundaries counter-clockwise and holes clockwise, as
/// disjoint ones of the same kind; polygons that cross themselves are filled. Polygons whose boxes
/// form separate groups are united group by group, so that the cost of a chip is that of its parts.
std::vector<Polygon> UniteOutlines(const std::vector<Polygon>& polygons);

/// An axis-parallel box that grows with its points; empty without one.
struct OutlineBox {
  std::array<double, 2> low{HUGE_VAL, HUGE_VAL};
  std::array<double, 2> high{-HUGE_VAL, -HUGE_VAL};

  void Add(double x, double y);
  bool Empty() const { return low[0] > high[0]; }
  bool Touches(const OutlineBox& other) const;
  bool Holds(const OutlineBox& other) const;
};

/// Groups of boxes that touch or overlap, directly or through others of the group: their numbers in
/// increasing order, the groups by their first one.
std::vector<std::vector<size_t>> GroupsByBox(const std::vector<OutlineBox>& boxes);

enum class PathEnd { Flush, Round, Square };

/// Outlines of a path of some width along a line of one or more points. Corners are mitred up to
/// turns of some 96 degrees, and cut half a width beyond the corner where they are sharper. Empty
/// where a path without length has flush ends.
std::vector<Polygon> PathOutlines(const std::vector<Point>& line, double width, PathEnd ends);

/// Negative for clockwise outlines, um^2.
double OutlineArea(const Polygon& polygon);
/// Length of the outline, um.
double OutlineLength(const Polygon& polygon);

/// Whether the outline crosses or covers itself: its area is not that of what it encloses.
bool CrossesItself(const Polygon& polygon);

}  // namespace symwave::domain
