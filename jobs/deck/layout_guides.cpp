#include "jobs/deck/layout_guides.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::jobs::deck {

namespace {

using domain::Point;
using domain::Polygon;

constexpr double kAlongAxis = 1e-3;  // of the normal's length
constexpr double kSameLine = 1e-6;   // um

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

/// Whether the material behind the middle of an edge goes on for more than the edge's length.
bool IsDeep(const std::vector<Polygon>& contours, const GuideEdge& edge, int axis) {
  const double outward = Of(edge.Outward(), axis);
  const double start = Of(edge.Middle(), axis);
  for (const auto& part : CrossSection(contours, 1 - axis, Of(edge.Middle(), 1 - axis))) {
    const double surface = outward > 0 ? part[1] : part[0];
    if (std::abs(surface - start) <= kSameLine) return part[1] - part[0] > edge.Length();
  }
  return false;
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

std::vector<GuideEdge> OutermostEnds(const std::vector<Polygon>& contours, int axis, bool upper) {
  double end = upper ? -HUGE_VAL : HUGE_VAL;
  ForEachEdge(contours, [&](const GuideEdge& edge) {
    end = upper ? std::max(end, Of(edge.from, axis)) : std::min(end, Of(edge.from, axis));
  });
  std::vector<GuideEdge> ends;
  for (const Polygon& contour : contours) {
    const size_t n = contour.size();
    for (size_t k = 0; k < n; ++k) {
      const GuideEdge edge{contour[k], contour[(k + 1) % n]};
      const bool on_end = std::abs(Of(edge.from, axis) - end) <= kSameLine &&
                          std::abs(Of(edge.to, axis) - end) <= kSameLine;
      if (!on_end || edge.Length() <= kSameLine) continue;
      const bool corners = IsCorner({contour[(k + n - 1) % n], edge.from}, edge) &&
                           IsCorner(edge, {edge.to, contour[(k + 2) % n]});
      if (corners && IsDeep(contours, edge, axis)) ends.push_back(edge);
    }
  }
  return ends;
}

}  // namespace symwave::jobs::deck
