// Outlines of drawn polygons and paths as layout files hold them: any number, overlapping,
// touching, crossing themselves. Lengths in um; Clipper, 1e-10 um resolution.
#pragma once

#include <mpi.h>

#include <vector>

#include "domain/outline_boxes.hpp"
#include "domain/shapes.hpp"

namespace symwave::domain {

/// The same as UniteOutlines, all in one pass, whose cost grows faster than the number of polygons.
std::vector<Polygon> UniteTogether(const std::vector<Polygon>& polygons);

/// What lies in any of the polygons, outer boundaries counter-clockwise and holes clockwise, as
/// disjoint ones of the same kind; polygons that cross themselves are filled. Polygons whose boxes
/// form separate groups are united group by group, large groups tile by tile and then along the
/// seams of the tiles, so that the cost grows with the number of polygons.
std::vector<Polygon> UniteOutlines(const std::vector<Polygon>& polygons);
/// The same, collective: every rank has all polygons, groups and tiles are dealt by their
/// vertices, and all ranks get all outlines, in the order that one rank alone gives them.
std::vector<Polygon> UniteOutlines(MPI_Comm comm, const std::vector<Polygon>& polygons);

enum class PathEnd { Flush, Round, Square };

/// Outlines of a path of some width along a line of one or more points. Corners are mitred up to
/// turns of some 96 degrees, and cut half a width beyond the corner where they are sharper. Empty
/// where a path without length has flush ends.
std::vector<Polygon> PathOutlines(const std::vector<Point>& line, double width, PathEnd ends);

/// Whether a point lies inside an outline, or inside an odd number of them: holes are outlines,
/// too.
bool IsInside(const Polygon& outline, const Point& point);
bool IsInside(const std::vector<Polygon>& outlines, const Point& point);

/// Of a point from the straight edge between two others, um.
double DistanceToEdge(const Point& point, const Point& a, const Point& b);

/// Negative for clockwise outlines, um^2.
double OutlineArea(const Polygon& polygon);
/// Length of the outline, um.
double OutlineLength(const Polygon& polygon);

/// Whether the outline crosses or covers itself: its area is not that of what it encloses.
bool CrossesItself(const Polygon& polygon);

}  // namespace symwave::domain
