#include "domain/solid_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/polygon_union.hpp"
#include "domain/solid_frame.hpp"

namespace symwave::domain {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double Dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Distance from the planes at both ends of an extent.
double BetweenDistance(double c, const std::array<double, 2>& extent) {
  return std::max(extent[0] - c, c - extent[1]);
}

}  // namespace

OutlineDistance::OutlineDistance(const std::vector<Polygon>& contours) {
  bounds_ = {Point{kInfinity, kInfinity}, Point{-kInfinity, -kInfinity}};
  for (const Polygon& contour : contours) {
    for (size_t k = 0; k < contour.size(); ++k) {
      const Point& p = contour[k];
      edges_.push_back({p, contour[(k + 1) % contour.size()]});
      bounds_[0] = {std::min(bounds_[0].x, p.x), std::min(bounds_[0].y, p.y)};
      bounds_[1] = {std::max(bounds_[1].x, p.x), std::max(bounds_[1].y, p.y)};
    }
  }
  if (edges_.empty()) return;
  const size_t count = std::clamp<size_t>(edges_.size() / 4, 1, 4096);
  row_height_ = std::max(1e-9, (bounds_[1].y - bounds_[0].y) / static_cast<double>(count));
  rows_.resize(count);
  for (size_t e = 0; e < edges_.size(); ++e) {
    const int first = RowOf(std::min(edges_[e].a.y, edges_[e].b.y));
    const int last = RowOf(std::max(edges_[e].a.y, edges_[e].b.y));
    for (int r = first; r <= last; ++r)
      rows_[static_cast<size_t>(r)].push_back(static_cast<int>(e));
  }
}

int OutlineDistance::RowOf(double y) const {
  const double row = std::floor((y - bounds_[0].y) / row_height_);
  return static_cast<int>(std::clamp(row, 0.0, static_cast<double>(rows_.size()) - 1));
}

double OutlineDistance::At(const Point& p, double reach) const {
  const double outside = std::max(std::max(bounds_[0].x - p.x, p.x - bounds_[1].x),
                                  std::max(bounds_[0].y - p.y, p.y - bounds_[1].y));
  if (edges_.empty() || outside > reach) return std::max(outside, reach);
  double nearest = kInfinity;
  for (int r = RowOf(p.y - reach); r <= RowOf(p.y + reach); ++r) {
    for (const int e : rows_[static_cast<size_t>(r)]) {
      const Edge& edge = edges_[static_cast<size_t>(e)];
      nearest = std::min(nearest, DistanceToEdge(p, edge.a, edge.b));
    }
  }
  bool inside = false;  // even-odd; holes are contours too
  if (outside <= 0) {
    for (const int e : rows_[static_cast<size_t>(RowOf(p.y))]) {
      const auto& [a, b] = edges_[static_cast<size_t>(e)];
      if ((a.y > p.y) == (b.y > p.y)) continue;
      if (p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
    }
  }
  nearest = std::min(nearest, std::max(reach, 1e-300));
  return inside ? -nearest : nearest;
}

Vector SolidFrame::Own(const Vector& p) const {
  const Vector r{p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]};
  return {Dot(r, axes[0]), Dot(r, axes[1]), Dot(r, axes[2])};
}

void SolidFrame::Enclose(const Vector& half, Box3& bounds) const {
  for (size_t d = 0; d < 3; ++d) {
    double reach = 0;
    for (size_t a = 0; a < 3; ++a) reach += std::abs(axes[a][d]) * half[a];
    bounds.low[d] = centre[d] - reach;
    bounds.high[d] = centre[d] + reach;
  }
}

struct Solid::Setter {
  Solid& solid;

  void operator()(const Sphere& s) const {
    (*this)(Ellipsoid{s.centre, {s.radius, s.radius, s.radius}, {}});
  }
  void operator()(const Ellipsoid& e) const {
    const SolidFrame frame{e.centre, AxesOf(e.rotation)};
    for (size_t d = 0; d < 3; ++d) {
      double square = 0;
      for (size_t a = 0; a < 3; ++a) square += std::pow(frame.axes[a][d] * e.radii[a], 2);
      solid.bounds_.low[d] = e.centre[d] - std::sqrt(square);
      solid.bounds_.high[d] = e.centre[d] + std::sqrt(square);
    }
    solid.body_ = EllipsoidBody{frame, e.radii};
  }
  void operator()(const Block& b) const {
    const BlockBody body{{b.centre, AxesOf(b.rotation)},
                         {b.size[0] / 2, b.size[1] / 2, b.size[2] / 2}};
    body.frame.Enclose(body.half, solid.bounds_);
    solid.body_ = body;
  }
  void operator()(const Cylinder& c) const {
    (*this)(Cone{c.centre, c.radius, c.radius, c.length, c.axis});
  }
  void operator()(const Cone& c) const {
    const double slope = (c.end_radius - c.start_radius) / c.length;
    const ConeBody body{{c.centre, AxesAlong(c.axis)},
                        c.length / 2,
                        0.5 * (c.start_radius + c.end_radius),
                        slope,
                        1 / std::hypot(1.0, slope)};
    const double widest = std::max(c.start_radius, c.end_radius);
    body.frame.Enclose({widest, widest, c.length / 2}, solid.bounds_);
    solid.body_ = body;
  }
  void operator()(const Prism& p) const { SetColumn({p.points}, p.axis, p.extent); }
  void SetColumn(const std::vector<Polygon>& contours, int axis,
                 const std::array<double, 2>& extent) const {
    ColumnBody body{axis, extent, false, OutlineDistance(contours)};
    const auto n = static_cast<size_t>(axis);
    const size_t u = n == 0 ? 1 : 0, v = n == 2 ? 1 : 2;
    const auto& [low, high] = body.outline.Bounds();
    solid.bounds_.low[n] = extent[0];
    solid.bounds_.high[n] = extent[1];
    solid.bounds_.low[u] = low.x;
    solid.bounds_.high[u] = high.x;
    solid.bounds_.low[v] = low.y;
    solid.bounds_.high[v] = high.y;
    solid.body_ = std::move(body);
  }
};

Solid::Solid(const SolidGeometry& geometry) {
  std::visit(Setter{*this}, geometry);
}

Solid Solid::Column(const std::vector<Polygon>& contours, double bottom, double top) {
  Solid solid;
  Setter{solid}.SetColumn(contours, 2, {bottom, top});
  return solid;
}

Solid Solid::Slab(double bottom, double top) {
  Solid solid;
  solid.body_ = ColumnBody{2, {bottom, top}, true, {}};
  solid.bounds_ = {{-kInfinity, -kInfinity, bottom}, {kInfinity, kInfinity, top}};
  return solid;
}

struct Solid::Asked {
  const Vector& p;
  double reach;

  /// (k - 1) times the smallest half axis, k growing from 0 in the centre to 1 on the surface.
  double operator()(const EllipsoidBody& body) const {
    const Vector own = body.frame.Own(p);
    const Vector scaled{own[0] / body.radii[0], own[1] / body.radii[1], own[2] / body.radii[2]};
    const double smallest = std::min({body.radii[0], body.radii[1], body.radii[2]});
    return (std::sqrt(Dot(scaled, scaled)) - 1) * smallest;
  }
  double operator()(const BlockBody& body) const {
    const Vector own = body.frame.Own(p);
    return std::max({std::abs(own[0]) - body.half[0], std::abs(own[1]) - body.half[1],
                     std::abs(own[2]) - body.half[2]});
  }
  double operator()(const ConeBody& body) const {
    const Vector own = body.frame.Own(p);
    const double side = std::hypot(own[0], own[1]) - body.middle_radius - body.slope * own[2];
    return std::max(side * body.cosine, std::abs(own[2]) - body.half_length);
  }
  double operator()(const ColumnBody& body) const {
    const auto n = static_cast<size_t>(body.axis);
    const double between = BetweenDistance(p[n], body.extent);
    if (body.everywhere || between > reach) return between;
    const Point q{p[n == 0 ? 1 : 0], p[n == 2 ? 1 : 2]};
    return std::max(between, body.outline.At(q, reach));
  }
};

double Solid::Distance(const Vector& p, double reach) const {
  return std::visit(Asked{p, reach}, body_);
}

}  // namespace symwave::domain
