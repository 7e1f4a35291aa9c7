#include "jobs/deck/layout_guides.hpp"

#include <algorithm>
#include <cmath>

#include "domain/polygon_union.hpp"

namespace symwave::jobs::deck {

namespace {

using domain::Point;
using domain::Polygon;

constexpr double kAlongAxis = 1e-3;  // of the normal's length
constexpr double kSameLine = 1e-6;   // um
constexpr double kFaces = 0.3;       // component of a normal towards a side

double Of(const Point& p, int axis) {
  return axis == 0 ? p.x : p.y;
}

double DistanceTo(const GuideEdge& edge, Point p) {
  const double dx = edge.to.x - edge.from.x, dy = edge.to.y - edge.from.y;
  const double t = std::clamp(
      ((p.x - edge.from.x) * dx + (p.y - edge.from.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
  return std::hypot(edge.from.x + t * dx - p.x, edge.from.y + t * dy - p.y);
}

template <class Visit>
void ForEachEdge(const std::vector<Polygon>& contours, Visit visit) {
  for (const Polygon& contour : contours) {
    for (size_t k = 0; k < contour.size(); ++k) {
      visit(GuideEdge{contour[k], contour[(k + 1) % contour.size()]});
    }
  }
}

/// A turn to the left by 60 to 120 degrees.
bool IsCorner(const GuideEdge& before, const GuideEdge& after) {
  const Point a = before.Outward(), b = after.Outward();
  return a.x * b.y - a.y * b.x > 0 && std::abs(a.x * b.x + a.y * b.y) <= 0.5;
}

/// Whether the material of a contour goes on behind the middle of an edge for more than the edge's
/// length.
bool IsDeep(const Polygon& contour, const GuideEdge& edge) {
  const Point outward = edge.Outward(), middle = edge.Middle();
  for (size_t k = 0; k < contour.size(); ++k) {
    const Point &a = contour[k], &b = contour[(k + 1) % contour.size()];
    // Where the line inwards from the middle crosses the edge a b.
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double across = outward.y * dx - outward.x * dy;
    if (across == 0) continue;
    const double share = (outward.x * (a.y - middle.y) - outward.y * (a.x - middle.x)) / across;
    const double way = (dy * (a.x - middle.x) - dx * (a.y - middle.y)) / across;
    if (share < 0 || share > 1 || way <= kSameLine) continue;
    if (way <= edge.Length()) return false;
  }
  return true;
}

/// Distance of an edge from the side of a box that it faces; infinite where it faces none.
double DistanceToSide(const GuideEdge& edge, const domain::OutlineBox& box) {
  const Point outward = edge.Outward(), middle = edge.Middle();
  double distance = HUGE_VAL;
  for (int axis = 0; axis < 2; ++axis) {
    const double faces = Of(outward, axis), at = Of(middle, axis);
    if (std::abs(faces) < kFaces) continue;
    const auto side = static_cast<size_t>(axis);
    distance = std::min(distance, faces > 0 ? box.high[side] - at : at - box.low[side]);
  }
  return distance;
}

}  // namespace

double GuideEdge::Length() const {
  return std::hypot(to.x - from.x, to.y - from.y);
}

Point GuideEdge::Outward() const {
  // The material lies to the left of outer boundaries and of holes.
  return {(to.y - from.y) / Length(), (from.x - to.x) / Length()};
}

std::optional<int> GuideEdge::Axis() const {
  const Point normal = Outward();
  if (std::abs(normal.y) <= kAlongAxis) return 0;
  if (std::abs(normal.x) <= kAlongAxis) return 1;
  return std::nullopt;
}

std::vector<std::array<double, 2>> CrossSection(const std::vector<Polygon>& contours, int axis,
                                                double at) {
  std::vector<double> crossings;
  ForEachEdge(contours, [&](const GuideEdge& edge) {
    const double a = Of(edge.from, axis), b = Of(edge.to, axis);
    if ((a > at) == (b > at)) return;
    const double t = (at - a) / (b - a);
    crossings.push_back(Of(edge.from, 1 - axis) * (1 - t) + Of(edge.to, 1 - axis) * t);
  });
  std::sort(crossings.begin(), crossings.end());
  std::vector<std::array<double, 2>> section;
  for (size_t k = 0; k + 1 < crossings.size(); k += 2) {
    section.push_back({crossings[k], crossings[k + 1]});
  }
  return section;
}

std::optional<GuideEdge> EdgeAt(const std::vector<Polygon>& contours, Point point, double reach) {
  std::optional<GuideEdge> best;
  ForEachEdge(contours, [&](const GuideEdge& edge) {
    if (!(edge.Length() > 0) || DistanceTo(edge, point) > reach) return;
    if (!best || edge.Length() < best->Length()) best = edge;
  });
  return best;
}

std::vector<GuideEdge> EndsOfGuides(const std::vector<Polygon>& contours, double within) {
  domain::OutlineBox box;
  for (const Polygon& contour : contours) {
    for (const Point& p : contour) box.Add(p.x, p.y);
  }
  std::vector<GuideEdge> ends;
  for (const Polygon& contour : contours) {
    const size_t n = contour.size();
    for (size_t k = 0; k < n; ++k) {
      const GuideEdge edge{contour[k], contour[(k + 1) % n]};
      if (edge.Length() <= kSameLine || DistanceToSide(edge, box) > within) continue;
      const bool corners = IsCorner({contour[(k + n - 1) % n], edge.from}, edge) &&
                           IsCorner(edge, {edge.to, contour[(k + 2) % n]});
      if (corners && IsDeep(contour, edge)) ends.push_back(edge);
    }
  }
  return ends;
}

}  // namespace symwave::jobs::deck
