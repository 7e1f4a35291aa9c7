#include "domain/shapes.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kLargest = 1e6;  // um; keeps coordinates inside the integers of the clipper

void CheckPositive(double value, const char* what) {
  if (!(value > 0) || !(value <= kLargest)) {
    base::Fail("{} is {} um, but must be positive and at most {} um", what, value, kLargest);
  }
}

void CheckPoint(const Point& p, const char* what) {
  if (!(std::abs(p.x) <= kLargest) || !(std::abs(p.y) <= kLargest)) {
    base::Fail("{} is [{}, {}] um, but must lie within {} um of the origin", what, p.x, p.y,
               kLargest);
  }
}

void CheckAngle(double degrees, const char* what) {
  if (!(std::abs(degrees) <= 36000)) base::Fail("{} is {} degrees, not an angle", what, degrees);
}

double SignedArea(const Polygon& polygon) {
  double twice = 0;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[(i + 1) % polygon.size()];
    twice +=
        (a.x - polygon[0].x) * (b.y - polygon[0].y) - (b.x - polygon[0].x) * (a.y - polygon[0].y);
  }
  return 0.5 * twice;
}

Polygon CounterClockwise(Polygon polygon) {
  if (SignedArea(polygon) < 0) std::reverse(polygon.begin(), polygon.end());
  return polygon;
}

/// Number of chords for `angle` radians of a circle, none further than `chord_error` from it.
int Chords(double radius, double angle, double chord_error) {
  constexpr double kMostChords = 1e6;
  const double half = std::acos(std::max(0.5, 1 - chord_error / radius));
  const double count = std::ceil(angle / (2 * half));
  if (!(count <= kMostChords)) {
    base::Fail(
        "a radius of {:.3g} um takes more than {:.0e} chords; lengths without a unit are in "
        "um",
        radius, kMostChords);
  }
  return std::max(4, static_cast<int>(count));
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

double Cross(const Point& o, const Point& a, const Point& b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

bool EdgesCross(const Point& a, const Point& b, const Point& c, const Point& d) {
  const auto differ = [](double s, double t) { return (s > 0 && t < 0) || (s < 0 && t > 0); };
  return differ(Cross(a, b, c), Cross(a, b, d)) && differ(Cross(c, d, a), Cross(c, d, b));
}

void CheckSimple(const Polygon& p) {
  const size_t n = p.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = i + 2; k < n; ++k) {
      if (EdgesCross(p[i], p[(i + 1) % n], p[k], p[(k + 1) % n])) {
        base::Fail(
            "the polygon crosses itself: its edges {} and {} meet (list its points in order "
            "around the outline)",
            i, k);
      }
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
    if (s.points.size() < 3) {
      base::Fail("a polygon needs at least 3 points, {} given", s.points.size());
    }
    for (const Point& p : s.points) CheckPoint(p, "a point of the polygon");
    CheckSimple(s.points);
    if (!(std::abs(SignedArea(s.points)) > 1e-12)) base::Fail("the polygon has no area");
    return {CounterClockwise(s.points)};
  }

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

}  // namespace symwave::domain
