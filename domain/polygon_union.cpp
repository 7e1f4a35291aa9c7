#include "domain/polygon_union.hpp"

#include <algorithm>
#include <cmath>
#include <polyclipping/clipper.hpp>

#include "domain/base/error.hpp"
#include "domain/tiled_union.hpp"

namespace symwave::domain {

namespace {

constexpr double kUnitsPerUm = 1e10;  // as regions.cpp has them
constexpr double kMitreLimit = 1.5;   // of half widths, from the corner: turns up to 96 degrees
constexpr double kChordError = 1e-5;  // um

ClipperLib::Path Scaled(const Polygon& polygon) {
  ClipperLib::Path path;
  path.reserve(polygon.size());
  for (const Point& p : polygon) {
    path.emplace_back(std::llround(p.x * kUnitsPerUm), std::llround(p.y * kUnitsPerUm));
  }
  return path;
}

Polygon Unscaled(const ClipperLib::Path& path) {
  Polygon polygon;
  polygon.reserve(path.size());
  for (const auto& p : path) polygon.push_back({p.X / kUnitsPerUm, p.Y / kUnitsPerUm});
  return polygon;
}

ClipperLib::Paths United(const ClipperLib::Paths& paths) {
  ClipperLib::Clipper clipper;
  clipper.AddPaths(paths, ClipperLib::ptSubject, true);
  ClipperLib::Paths result;
  base::Require(
      clipper.Execute(ClipperLib::ctUnion, result, ClipperLib::pftNonZero, ClipperLib::pftNonZero),
      "clipping of polygons succeeds");
  return result;
}

bool Convex(const Polygon& p) {
  const size_t n = p.size();
  if (n < 3) return true;
  bool left = false, right = false;
  int turns = 0;  // changes of the direction along x; a convex outline has two
  int last = 0;
  for (size_t k = 0; k < 2 * n; ++k) {
    const Point &a = p[k % n], &b = p[(k + 1) % n], &c = p[(k + 2) % n];
    const double turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
    if (k < n) {
      left = left || turn > 0;
      right = right || turn < 0;
    }
    const int way = b.x > a.x ? 1 : (b.x < a.x ? -1 : last);
    if (k > n && way != last) ++turns;
    last = way;
  }
  return !(left && right) && turns <= 2;
}

}  // namespace

std::vector<Polygon> UniteTogether(const std::vector<Polygon>& polygons) {
  ClipperLib::Paths paths;
  for (const Polygon& polygon : polygons) paths.push_back(Scaled(polygon));
  std::vector<Polygon> united;
  for (const ClipperLib::Path& path : United(paths)) united.push_back(Unscaled(path));
  return united;
}

std::vector<Polygon> UniteOutlines(const std::vector<Polygon>& polygons) {
  return UniteInTiles(MPI_COMM_NULL, polygons);
}

std::vector<Polygon> UniteOutlines(MPI_Comm comm, const std::vector<Polygon>& polygons) {
  return UniteInTiles(comm, polygons);
}

std::vector<Polygon> PathOutlines(const std::vector<Point>& line, double width, PathEnd ends) {
  bool has_length = false;
  for (const Point& p : line) {
    has_length = has_length || p.x != line.front().x || p.y != line.front().y;
  }
  if (line.empty() || (!has_length && ends == PathEnd::Flush)) return {};
  ClipperLib::ClipperOffset offset(kMitreLimit, kChordError * kUnitsPerUm);
  const bool point_as_disc = !has_length && ends == PathEnd::Round;
  offset.AddPath(Scaled(line), point_as_disc ? ClipperLib::jtRound : ClipperLib::jtMiter,
                 ends == PathEnd::Flush   ? ClipperLib::etOpenButt
                 : ends == PathEnd::Round ? ClipperLib::etOpenRound
                                          : ClipperLib::etOpenSquare);
  ClipperLib::Paths paths;
  offset.Execute(paths, 0.5 * width * kUnitsPerUm);
  std::vector<Polygon> outlines;
  for (const ClipperLib::Path& path : paths) outlines.push_back(Unscaled(path));
  return outlines;
}

bool IsInside(const Polygon& outline, const Point& point) {
  bool inside = false;
  for (size_t k = 0; k < outline.size(); ++k) {
    const Point &a = outline[k], &b = outline[(k + 1) % outline.size()];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

bool IsInside(const std::vector<Polygon>& outlines, const Point& point) {
  const auto count = std::count_if(outlines.begin(), outlines.end(), [&](const Polygon& outline) {
    return IsInside(outline, point);
  });
  return count % 2 == 1;
}

double DistanceToEdge(const Point& point, const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double square = dx * dx + dy * dy;
  const double share =
      square > 0 ? std::clamp(((point.x - a.x) * dx + (point.y - a.y) * dy) / square, 0.0, 1.0) : 0;
  return std::hypot(point.x - a.x - share * dx, point.y - a.y - share * dy);
}

double OutlineArea(const Polygon& polygon) {
  double twice = 0;
  for (size_t k = 0; k < polygon.size(); ++k) {
    const Point &o = polygon[0], &a = polygon[k], &b = polygon[(k + 1) % polygon.size()];
    twice += (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
  }
  return 0.5 * twice;
}

double OutlineLength(const Polygon& polygon) {
  double length = 0;
  for (size_t k = 0; k < polygon.size(); ++k) {
    const Point &a = polygon[k], &b = polygon[(k + 1) % polygon.size()];
    length += std::hypot(b.x - a.x, b.y - a.y);
  }
  return length;
}

bool CrossesItself(const Polygon& polygon) {
  if (Convex(polygon)) return false;
  double area = 0;
  for (const ClipperLib::Path& path : United({Scaled(polygon)})) area += ClipperLib::Area(path);
  area /= kUnitsPerUm * kUnitsPerUm;
  return std::abs(area - std::abs(OutlineArea(polygon))) > 1e-9 * OutlineLength(polygon);
}

}  // namespace symwave::domain
