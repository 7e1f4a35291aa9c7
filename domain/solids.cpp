#include "domain/solids.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/shape_checks.hpp"
#include "domain/solid_frame.hpp"

namespace symwave::domain {

namespace {

double NormOf(const Vector& v) {
  return std::hypot(v[0], v[1], v[2]);
}

void CheckDirection(const Vector& axis, const char* what) {
  const double length = NormOf(axis);
  if (length > 0 && std::isfinite(length)) return;
  base::Fail("{} is [{}, {}, {}], which has no direction; write [0, 0, 1] for z", what, axis[0],
             axis[1], axis[2]);
}

void CheckRotation(const Rotation& rotation) {
  CheckDirection(rotation.axis, "rotation.axis");
  CheckAngle(rotation.angle, "rotation.angle");
}

struct Checker {
  void operator()(const Sphere& s) const {
    CheckPoint(s.centre, "centre");
    CheckPositive(s.radius, "radius");
  }
  void operator()(const Ellipsoid& e) const {
    CheckPoint(e.centre, "centre");
    CheckPositive(e.radii[0], "the first of radii");
    CheckPositive(e.radii[1], "the second of radii");
    CheckPositive(e.radii[2], "the third of radii");
    CheckRotation(e.rotation);
  }
  void operator()(const Block& b) const {
    CheckPoint(b.centre, "centre");
    CheckPositive(b.size[0], "size along x");
    CheckPositive(b.size[1], "size along y");
    CheckPositive(b.size[2], "size along z");
    CheckRotation(b.rotation);
  }
  void operator()(const Cylinder& c) const {
    CheckPoint(c.centre, "centre");
    CheckPositive(c.radius, "radius");
    CheckPositive(c.length, "length");
    CheckDirection(c.axis, "axis");
  }
  void operator()(const Cone& c) const {
    CheckPoint(c.centre, "centre");
    CheckNotNegative(c.start_radius, "start_radius");
    CheckNotNegative(c.end_radius, "end_radius");
    CheckPositive(std::max(c.start_radius, c.end_radius),
                  "the larger of start_radius and end_radius");
    CheckPositive(c.length, "length");
    CheckDirection(c.axis, "axis");
  }
  void operator()(const Prism& p) const {
    CheckPolygon(p.points);
    if (p.extent[0] < p.extent[1]) return;
    base::Fail(
        "a prism reaches from {:.6g} to {:.6g} um along {}; its end must lie above its start",
        p.extent[0], p.extent[1], "xyz"[p.axis]);
  }
};

double CrossOf(const Point& o, const Point& a, const Point& b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/// Smallest convex polygon around points, counter-clockwise (Andrew's monotone chain).
std::vector<Polygon> Hull(std::vector<Point> points) {
  std::sort(points.begin(), points.end(),
            [](const Point& a, const Point& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  Polygon hull;
  const auto add = [&](const Point& p, size_t least) {
    while (hull.size() > least + 1 && CrossOf(hull[hull.size() - 2], hull.back(), p) <= 0)
      hull.pop_back();
    hull.push_back(p);
  };
  for (const Point& p : points) add(p, 0);
  const size_t lower = hull.size() - (hull.empty() ? 0 : 1);
  for (size_t k = points.size(); k-- > 0;) {
    if (k + 1 < points.size()) add(points[k], lower);
  }
  if (!hull.empty()) hull.pop_back();
  if (hull.size() < 3 || !(SignedArea(hull) > 1e-14)) return {};
  return {hull};
}

/// Corners and the edges between them, as pairs.
struct Hedron {
  std::vector<Vector> corners;
  std::vector<std::array<size_t, 2>> edges;

  std::vector<Polygon> At(double z) const {
    std::vector<Point> points;
    for (const auto& [from, to] : edges) {
      const Vector& a = corners[from];
      const Vector& b = corners[to];
      if ((a[2] > z) == (b[2] > z)) continue;
      const double t = (z - a[2]) / (b[2] - a[2]);
      points.push_back({a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])});
    }
    return Hull(std::move(points));
  }
};

Vector At(const Vector& centre, const std::array<Vector, 3>& axes, const Vector& own) {
  Vector p = centre;
  for (size_t d = 0; d < 3; ++d) {
    for (size_t a = 0; a < 3; ++a) p[d] += axes[a][d] * own[a];
  }
  return p;
}

/// Regular polygon of the area of an ellipse with the half axes `u` and `v`.
Polygon EllipseAround(const Point& centre, const Point& u, const Point& v, int count) {
  const double step = 2 * M_PI / count;
  const double stretch = std::sqrt(step / std::sin(step));
  Polygon polygon;
  for (int k = 0; k < count; ++k) {
    const double c = stretch * std::cos(k * step), s = stretch * std::sin(k * step);
    polygon.push_back({centre.x + c * u.x + s * v.x, centre.y + c * u.y + s * v.y});
  }
  if (SignedArea(polygon) < 0) std::reverse(polygon.begin(), polygon.end());
  return polygon;
}

struct Sectioner {
  double z;
  double chord_error;

  std::vector<Polygon> operator()(const Sphere& s) const {
    const double square = s.radius * s.radius - (z - s.centre[2]) * (z - s.centre[2]);
    if (!(square > 0)) return {};
    const double r = std::sqrt(square);
    return {EllipseAround({s.centre[0], s.centre[1]}, {r, 0}, {0, r},
                          4 * ((Chords(r, 2 * M_PI, chord_error) + 3) / 4))};
  }

  /// x = M u with |u| = 1 on the surface. Rows of M are dual to the plane: u = h n + the circle
  /// across n, with n along the third row.
  std::vector<Polygon> operator()(const Ellipsoid& e) const {
    const std::array<Vector, 3> axes = AxesOf(e.rotation);
    Vector row{axes[0][2] * e.radii[0], axes[1][2] * e.radii[1], axes[2][2] * e.radii[2]};
    const double length = NormOf(row);
    const double h = (z - e.centre[2]) / length;
    if (!(std::abs(h) < 1)) return {};
    const std::array<Vector, 3> frame = AxesAlong(row);
    const auto image = [&](const Vector& u) {
      const Vector p =
          At({0, 0, 0}, axes, {u[0] * e.radii[0], u[1] * e.radii[1], u[2] * e.radii[2]});
      return Point{p[0], p[1]};
    };
    const Point middle = image(frame[2]);
    const double r = std::sqrt(1 - h * h);
    const Point u = image(frame[0]), v = image(frame[1]);
    const double widest = r * std::max({e.radii[0], e.radii[1], e.radii[2]});
    return {EllipseAround({e.centre[0] + h * middle.x, e.centre[1] + h * middle.y},
                          {r * u.x, r * u.y}, {r * v.x, r * v.y},
                          4 * ((Chords(widest, 2 * M_PI, chord_error) + 3) / 4))};
  }

  std::vector<Polygon> operator()(const Block& b) const {
    const std::array<Vector, 3> axes = AxesOf(b.rotation);
    Hedron hedron;
    for (size_t k = 0; k < 8; ++k) {
      hedron.corners.push_back(
          At(b.centre, axes,
             {(k & 1 ? 0.5 : -0.5) * b.size[0], (k & 2 ? 0.5 : -0.5) * b.size[1],
              (k & 4 ? 0.5 : -0.5) * b.size[2]}));
      for (size_t bit : {1, 2, 4}) {
        if (!(k & bit)) hedron.edges.push_back({k, k | bit});
      }
    }
    return hedron.At(z);
  }

  std::vector<Polygon> operator()(const Cylinder& c) const {
    return (*this)(Cone{c.centre, c.radius, c.radius, c.length, c.axis});
  }

  std::vector<Polygon> operator()(const Cone& c) const {
    const std::array<Vector, 3> axes = AxesAlong(c.axis);
    if (std::abs(axes[2][2]) == 1) {
      const double along = (z - c.centre[2]) * axes[2][2];
      if (!(std::abs(along) <= c.length / 2)) return {};
      const double r = c.start_radius + (c.end_radius - c.start_radius) * (along / c.length + 0.5);
      return (*this)(Sphere{{c.centre[0], c.centre[1], z}, r});
    }
    const double widest = std::max(c.start_radius, c.end_radius);
    const int chords = 4 * ((Chords(widest, 2 * M_PI, chord_error) + 3) / 4);
    const auto count = static_cast<size_t>(chords);
    const Polygon circle = EllipseAround({0, 0}, {1, 0}, {0, 1}, chords);
    Hedron hedron;
    for (size_t k = 0; k < count; ++k) {
      for (const bool end : {false, true}) {
        const double r = end ? c.end_radius : c.start_radius;
        hedron.corners.push_back(
            At(c.centre, axes, {r * circle[k].x, r * circle[k].y, (end ? 0.5 : -0.5) * c.length}));
      }
      const size_t next = (k + 1) % count;
      hedron.edges.push_back({2 * k, 2 * k + 1});
      hedron.edges.push_back({2 * k, 2 * next});
      hedron.edges.push_back({2 * k + 1, 2 * next + 1});
    }
    return hedron.At(z);
  }

  std::vector<Polygon> operator()(const Prism& p) const {
    if (p.axis == 2) {
      if (!(p.extent[0] <= z && z <= p.extent[1])) return {};
      Polygon outline = p.points;
      if (SignedArea(outline) < 0) std::reverse(outline.begin(), outline.end());
      return {outline};
    }
    std::vector<double> crossings;  // of the other coordinate in the plane
    for (size_t k = 0; k < p.points.size(); ++k) {
      const Point& a = p.points[k];
      const Point& b = p.points[(k + 1) % p.points.size()];
      if ((a.y > z) == (b.y > z)) continue;
      crossings.push_back(a.x + (z - a.y) / (b.y - a.y) * (b.x - a.x));
    }
    std::sort(crossings.begin(), crossings.end());
    std::vector<Polygon> outlines;
    for (size_t k = 0; k + 1 < crossings.size(); k += 2) {
      if (crossings[k] == crossings[k + 1]) continue;
      const std::array<double, 2> across{crossings[k], crossings[k + 1]};
      const auto& x = p.axis == 0 ? p.extent : across;
      const auto& y = p.axis == 0 ? across : p.extent;
      outlines.push_back({{x[0], y[0]}, {x[1], y[0]}, {x[1], y[1]}, {x[0], y[1]}});
    }
    return outlines;
  }
};

/// About the plane through the origin across `axis`. Axes of rotations are axial vectors.
struct Mirror {
  size_t axis;

  void Flip(Vector& v) const { v[axis] = -v[axis]; }
  void Flip(Rotation& rotation) const {
    for (size_t d = 0; d < 3; ++d) {
      if (d != axis) rotation.axis[d] = -rotation.axis[d];
    }
  }
  void operator()(Sphere& s) const { Flip(s.centre); }
  void operator()(Ellipsoid& e) const {
    Flip(e.centre);
    Flip(e.rotation);
  }
  void operator()(Block& b) const {
    Flip(b.centre);
    Flip(b.rotation);
  }
  void operator()(Cylinder& c) const {
    Flip(c.centre);
    Flip(c.axis);
  }
  void operator()(Cone& c) const {
    Flip(c.centre);
    Flip(c.axis);
  }
  void operator()(Prism& p) const {
    const auto own = static_cast<size_t>(p.axis);
    if (own == axis) {
      p.extent = {-p.extent[1], -p.extent[0]};
      return;
    }
    const bool first = axis == (own == 0 ? 1U : 0U);
    for (Point& q : p.points) (first ? q.x : q.y) *= -1;
    std::reverse(p.points.begin(), p.points.end());
  }
};

struct Shifter {
  Vector by;

  template <class Body>
  void operator()(Body& body) const {
    for (size_t d = 0; d < 3; ++d) body.centre[d] += by[d];
  }
  void operator()(Prism& p) const {
    const auto own = static_cast<size_t>(p.axis);
    for (double& end : p.extent) end += by[own];
    for (Point& q : p.points) {
      q.x += by[own == 0 ? 1 : 0];
      q.y += by[own == 2 ? 1 : 2];
    }
  }
};

}  // namespace

std::array<Vector, 3> AxesOf(const Rotation& rotation) {
  std::array<Vector, 3> axes{Vector{1, 0, 0}, Vector{0, 1, 0}, Vector{0, 0, 1}};
  if (rotation.angle == 0) return axes;
  const double length = NormOf(rotation.axis);
  const Vector k{rotation.axis[0] / length, rotation.axis[1] / length, rotation.axis[2] / length};
  const double c = std::cos(rotation.angle * M_PI / 180), s = std::sin(rotation.angle * M_PI / 180);
  for (Vector& v : axes) {  // Rodrigues
    const double along = (k[0] * v[0] + k[1] * v[1] + k[2] * v[2]) * (1 - c);
    v = {c * v[0] + s * (k[1] * v[2] - k[2] * v[1]) + along * k[0],
         c * v[1] + s * (k[2] * v[0] - k[0] * v[2]) + along * k[1],
         c * v[2] + s * (k[0] * v[1] - k[1] * v[0]) + along * k[2]};
  }
  return axes;
}

std::array<Vector, 3> AxesAlong(const Vector& direction) {
  const double length = NormOf(direction);
  const Vector w{direction[0] / length, direction[1] / length, direction[2] / length};
  // The coordinate axis least along w.
  size_t least = 0;
  for (size_t d = 1; d < 3; ++d) {
    if (std::abs(w[d]) < std::abs(w[least])) least = d;
  }
  Vector u{0, 0, 0};
  u[least] = 1;
  for (size_t d = 0; d < 3; ++d) u[d] -= w[least] * w[d];
  const double size = NormOf(u);
  for (double& c : u) c /= size;
  const Vector v{w[1] * u[2] - w[2] * u[1], w[2] * u[0] - w[0] * u[2], w[0] * u[1] - w[1] * u[0]};
  return {u, v, w};
}

void CheckSolid(const SolidGeometry& geometry) {
  std::visit(Checker{}, geometry);
}

std::vector<Polygon> SectionOf(const SolidGeometry& geometry, double z, double chord_error) {
  CheckSolid(geometry);
  return std::visit(Sectioner{z, chord_error}, geometry);
}

SolidGeometry MirrorImage(SolidGeometry geometry, int axis) {
  std::visit(Mirror{static_cast<size_t>(axis)}, geometry);
  return geometry;
}

SolidGeometry Shifted(SolidGeometry geometry, const Vector& by) {
  std::visit(Shifter{by}, geometry);
  return geometry;
}

}  // namespace symwave::domain
