#include "jobs/deck/layout_guides.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::jobs::deck {

namespace {

using domain::Point;
using domain::Polygon;

constexpr double kAlongAxis = 1e-3;   // of the normal's length
constexpr double kSameLine = 1e-6;    // um

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

std::vector<GuideEdge> OutermostEdges(const std::vector<Polygon>& contours, int axis, bool upper) {
  double end = upper ? -HUGE_VAL : HUGE_VAL;
  ForEachEdge(contours, [&](const GuideEdge& edge) {
    end = upper ? std::max(end, Of(edge.from, axis)) : std::min(end, Of(edge.from, axis));
  });
  std::vector<GuideEdge> edges;
  ForEachEdge(contours, [&](const GuideEdge& edge) {
    const bool on_end = std::abs(Of(edge.from, axis) - end) <= kSameLine &&
                        std::abs(Of(edge.to, axis) - end) <= kSameLine;
    if (on_end && edge.Length() > kSameLine) edges.push_back(edge);
  });
  return edges;
}

}  // namespace symwave::jobs::deck
