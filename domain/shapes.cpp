#include "domain/shapes.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "domain/base/error.hpp"
#include "domain/curved_guides.hpp"
#include "domain/shape_checks.hpp"

namespace symwave::domain {

namespace {

Polygon CounterClockwise(Polygon polygon) {
  if (SignedArea(polygon) < 0) std::reverse(polygon.begin(), polygon.end());
  return polygon;
}

/// Full circle as a polygon of the same area, symmetric about both axes to the last bit.
Polygon FullCircle(const Point& centre, double radius, double chord_error) {
  const int quarter = (Chords(radius, 2 * M_PI, chord_error) + 3) / 4;
  const double step = 0.5 * M_PI / quarter;
  const double r = radius * std::sqrt(step / std::sin(step));
  // cos and sin of one quadrant from its first half; the other half has them exchanged.
  std::vector<Point> first(quarter + 1);
  for (int i = 0; 2 * i <= quarter; ++i) {
    first[i] = {r * std::cos(i * step), r * std::sin(i * step)};
    if (2 * i == quarter) first[i].y = first[i].x;
    first[quarter - i] = {first[i].y, first[i].x};
  }
  const int total = 4 * quarter;
  Polygon polygon(total);
  for (int i = 0; i < total; ++i) {
    const int q = i / quarter;
    const int k = i % quarter;
    const Point& c = q % 2 == 0 ? first[k] : first[quarter - k];
    polygon[i] = {centre.x + (q == 0 || q == 3 ? c.x : -c.x), centre.y + (q < 2 ? c.y : -c.y)};
  }
  return polygon;
}

/// Part of a ring between two angles [radians]; chords keep the area.
Polygon Arc(const Point& centre, double radius, double width, double start, double end,
            double chord_error) {
  const int count = Chords(radius + 0.5 * width, end - start, chord_error);
  const double step = (end - start) / count;
  const double stretch = std::sqrt(step / std::sin(step));
  Polygon polygon;
  for (const double side : {0.5, -0.5}) {
    const double r = (radius + side * width) * stretch;
    for (int k = 0; k <= count; ++k) {
      const double a = start + step * (side > 0 ? k : count - k);
      polygon.push_back({centre.x + r * std::cos(a), centre.y + r * std::sin(a)});
    }
  }
  return polygon;
}

/// Band of changing width between two points.
Polygon Band(const Point& from, const Point& to, double start_width, double end_width) {
  CheckPoint(from, "from");
  CheckPoint(to, "to");
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const double length = std::hypot(dx, dy);
  if (!(length > 0)) base::Fail("from and to are the same point [{}, {}] um", from.x, from.y);
  const double nx = -dy / length;
  const double ny = dx / length;
  const double a = 0.5 * start_width;
  const double b = 0.5 * end_width;
  return {{from.x - a * nx, from.y - a * ny},
          {to.x - b * nx, to.y - b * ny},
          {to.x + b * nx, to.y + b * ny},
          {from.x + a * nx, from.y + a * ny}};
}

/// Turns outlines about the centre of the box around them.
void Turn(std::vector<Polygon>& outlines, double degrees) {
  CheckAngle(degrees, "rotate");
  Point low{1e300, 1e300}, high{-1e300, -1e300};
  for (const Polygon& outline : outlines) {
    for (const Point& p : outline) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  }
  const Point centre{0.5 * (low.x + high.x), 0.5 * (low.y + high.y)};
  // Quarter turns are exact.
  const double quarters = degrees / 90;
  const bool exact = quarters == std::round(quarters);
  const double c =
      exact ? std::round(std::cos(degrees * M_PI / 180)) : std::cos(degrees * M_PI / 180);
  const double s =
      exact ? std::round(std::sin(degrees * M_PI / 180)) : std::sin(degrees * M_PI / 180);
  for (Polygon& outline : outlines) {
    for (Point& p : outline) {
      const Point r{p.x - centre.x, p.y - centre.y};
      p = {centre.x + c * r.x - s * r.y, centre.y + s * r.x + c * r.y};
    }
  }
}

struct OutlineMaker {
  double chord_error;

  std::vector<Polygon> operator()(const Box& s) const {
    CheckPoint(s.centre, "centre");
    CheckPositive(s.size[0], "size along x");
    CheckPositive(s.size[1], "size along y");
    const double hx = 0.5 * s.size[0];
    const double hy = 0.5 * s.size[1];
    return {{{s.centre.x - hx, s.centre.y - hy},
             {s.centre.x + hx, s.centre.y - hy},
             {s.centre.x + hx, s.centre.y + hy},
             {s.centre.x - hx, s.centre.y + hy}}};
  }

  std::vector<Polygon> operator()(const FreePolygon& s) const {
    CheckPolygon(s.points);
    return {CounterClockwise(s.points)};
  }

  std::vector<Polygon> operator()(const PolygonSet& s) const { return s.contours; }

  std::vector<Polygon> operator()(const Circle& s) const {
    CheckPoint(s.centre, "centre");
    CheckPositive(s.radius, "radius");
    return {FullCircle(s.centre, s.radius, chord_error)};
  }

  std::vector<Polygon> operator()(const Ring& s) const {
    CheckPoint(s.centre, "centre");
    CheckRadius(s.radius, s.width);
    CheckAngle(s.start_angle, "start_angle");
    CheckAngle(s.end_angle, "end_angle");
    const double angle = s.end_angle - s.start_angle;
    if (!(angle > 0) || angle > 360) {
      base::Fail(
          "the ring goes from {} to {} degrees, but end_angle must exceed start_angle by at "
          "most 360",
          s.start_angle, s.end_angle);
    }
    if (angle < 360) {
      return {Arc(s.centre, s.radius, s.width, Radians(s.start_angle), Radians(s.end_angle),
                  chord_error)};
    }
    std::vector<Polygon> outlines{FullCircle(s.centre, s.radius + 0.5 * s.width, chord_error)};
    if (s.radius > 0.5 * s.width) {
      outlines.push_back(FullCircle(s.centre, s.radius - 0.5 * s.width, chord_error));
      std::reverse(outlines[1].begin(), outlines[1].end());
    }
    return outlines;
  }

  std::vector<Polygon> operator()(const Straight& s) const {
    CheckPositive(s.width, "width");
    return {Band(s.from, s.to, s.width, s.width)};
  }

  std::vector<Polygon> operator()(const Taper& s) const {
    CheckPositive(s.start_width, "start_width");
    CheckPositive(s.end_width, "end_width");
    return {Band(s.from, s.to, s.start_width, s.end_width)};
  }

  std::vector<Polygon> operator()(const SBend& s) const {
    CheckPositive(s.width, "width");
    CheckPoint(s.from, "from");
    CheckPoint(s.to, "to");
    const double dx = s.to.x - s.from.x;
    const double dy = s.to.y - s.from.y;
    if (dx == 0)
      base::Fail("an S-bend runs along x, but from and to have the same x = {} um", s.to.x);
    const double curvature = std::abs(dy) * M_PI * M_PI / (2 * dx * dx);
    const double tightest = 1 - 0.5 * curvature * s.width;
    if (tightest <= 0) {
      base::Fail(
          "the S-bend is too tight: its radius of curvature falls to {:.4g} um, below half "
          "its width of {} um (make it longer or narrower)",
          1 / curvature, s.width);
    }
    const double steepest = std::hypot(dx, 0.5 * M_PI * dy);
    const double count = std::ceil(steepest * std::sqrt(curvature / (8 * tightest * chord_error)));
    return {CounterClockwise(SBendOutline(s, std::max(4, static_cast<int>(count))))};
  }

  std::vector<Polygon> operator()(const Bend& s) const {
    CheckPoint(s.from, "from");
    CheckRadius(s.radius, s.width);
    CheckAngle(s.heading, "heading");
    if (s.turn == 0 || !(std::abs(s.turn) < 360)) {
      base::Fail("turn is {} degrees, but must lie between -360 and 360 and not be 0", s.turn);
    }
    const double side = s.turn > 0 ? 1 : -1;
    const double heading = Radians(s.heading);
    const Point centre{s.from.x - side * s.radius * std::sin(heading),
                       s.from.y + side * s.radius * std::cos(heading)};
    const double start = heading - side * 0.5 * M_PI;
    const double end = start + Radians(s.turn);
    return {
        Arc(centre, s.radius, s.width, std::min(start, end), std::max(start, end), chord_error)};
  }

  std::vector<Polygon> operator()(const Racetrack& s) const {
    return RacetrackOutlines(s, chord_error);
  }
  std::vector<Polygon> operator()(const EulerBend& s) const {
    return {CounterClockwise(EulerBendOutline(s, chord_error))};
  }
  std::vector<Polygon> operator()(const Grating& s) const { return GratingOutlines(s); }

  template <class Body>
  std::vector<Polygon> operator()(const Body& body) const {
    return SectionOf(body, 0, chord_error);
  }

 private:
  static double Radians(double degrees) { return degrees * M_PI / 180; }

  static void CheckRadius(double radius, double width) {
    CheckPositive(radius, "radius");
    CheckPositive(width, "width");
    if (radius < 0.5 * width) {
      base::Fail("radius is {} um, but must be at least half the width of {} um", radius, width);
    }
  }

  /// Both edges lie half a width from the centre line, across its direction.
  static Polygon SBendOutline(const SBend& s, int count) {
    const double dx = s.to.x - s.from.x;
    const double dy = s.to.y - s.from.y;
    Polygon polygon;
    for (const double side : {-0.5, 0.5}) {
      for (int k = 0; k <= count; ++k) {
        const double t = static_cast<double>(side < 0 ? k : count - k) / count;
        const double slope = 0.5 * M_PI * dy * std::sin(M_PI * t);
        const double offset = side * s.width / std::hypot(dx, slope);
        const double rise = 0.5 * (1 - std::cos(M_PI * t));
        const bool end = t == 0 || t == 1;  // sin(pi) is not 0 in floating point
        polygon.push_back(
            {s.from.x + dx * t - (end ? 0 : offset * slope), s.from.y + dy * rise + offset * dx});
      }
    }
    return polygon;
  }
};

}  // namespace

std::vector<Polygon> Outlines(const ShapeGeometry& geometry, double chord_error) {
  return std::visit(OutlineMaker{chord_error}, geometry);
}

std::vector<Polygon> Outlines(const Shape& shape) {
  std::vector<Polygon> outlines = Outlines(shape.geometry);
  if (shape.rotate != 0) Turn(outlines, shape.rotate);
  const std::vector<Vector> shifts = shape.repeat.Shifts();
  if (shifts.size() == 1) return outlines;
  const auto body = SolidOf(shape.geometry);
  std::vector<Polygon> all;
  for (const Vector& shift : shifts) {
    if (shift[2] != 0 && body) outlines = SectionOf(*body, -shift[2]);
    if (shift[2] != 0 && !body) continue;
    for (Polygon outline : outlines) {
      for (Point& p : outline) p = {p.x + shift[0], p.y + shift[1]};
      all.push_back(std::move(outline));
    }
  }
  return all;
}

std::optional<SolidGeometry> SolidOf(const ShapeGeometry& geometry) {
  return std::visit(
      [](const auto& g) -> std::optional<SolidGeometry> {
        if constexpr (std::is_constructible_v<SolidGeometry, decltype(g)>) {
          return SolidGeometry(g);
        } else {
          return std::nullopt;
        }
      },
      geometry);
}

std::vector<Vector> Repeat::Shifts() const {
  constexpr double kMost = 1e6;
  double all = 1;
  for (size_t d = 0; d < 3; ++d) {
    if (count[d] < 1)
      base::Fail("repeat.count is {} along {}; it must be 1 or more", count[d], "xyz"[d]);
    all *= count[d];
    if (count[d] > 1 && !(std::abs(pitch[d]) > 0 && std::abs(pitch[d]) < kMost)) {
      base::Fail("repeat.pitch is {} um along {}, where there are {} copies; it must not be 0",
                 pitch[d], "xyz"[d], count[d]);
    }
  }
  if (all > kMost) {
    base::Fail("repeat.count makes {:.3g} copies; more than {:.0e} need a layout file", all, kMost);
  }
  std::vector<Vector> shifts;
  for (int k = 0; k < count[2]; ++k) {
    for (int j = 0; j < count[1]; ++j) {
      for (int i = 0; i < count[0]; ++i)
        shifts.push_back({i * pitch[0], j * pitch[1], k * pitch[2]});
    }
  }
  return shifts;
}

}  // namespace symwave::domain
