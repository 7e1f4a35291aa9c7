#include "domain/shape_checks.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kLargest = 1e6;  // um; keeps coordinates inside the integers of the clipper

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

}  // namespace

void CheckPositive(double value, const char* what) {
  if (!(value > 0) || !(value <= kLargest)) {
    base::Fail("{} is {} um, but must be positive and at most {} um", what, value, kLargest);
  }
}

void CheckNotNegative(double value, const char* what) {
  if (!(value >= 0) || !(value <= kLargest)) {
    base::Fail("{} is {} um, but must lie between 0 and {} um", what, value, kLargest);
  }
}

void CheckPoint(const Point& p, const char* what) {
  if (!(std::abs(p.x) <= kLargest) || !(std::abs(p.y) <= kLargest)) {
    base::Fail("{} is [{}, {}] um, but must lie within {} um of the origin", what, p.x, p.y,
               kLargest);
  }
}

void CheckPoint(const Vector& p, const char* what) {
  for (const double c : p) {
    if (std::abs(c) <= kLargest) continue;
    base::Fail("{} is [{}, {}, {}] um, but must lie within {} um of the origin", what, p[0], p[1],
               p[2], kLargest);
  }
}

void CheckAngle(double degrees, const char* what) {
  if (!(std::abs(degrees) <= 36000)) base::Fail("{} is {} degrees, not an angle", what, degrees);
}

void CheckPolygon(const Polygon& points) {
  if (points.size() < 3) {
    base::Fail("a polygon needs at least 3 points, {} given", points.size());
  }
  for (const Point& p : points) CheckPoint(p, "a point of the polygon");
  CheckSimple(points);
  if (!(std::abs(SignedArea(points)) > 1e-12)) base::Fail("the polygon has no area");
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

}  // namespace symwave::domain
