#include "domain/curved_guides.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/shape_checks.hpp"

namespace symwave::domain {

namespace {

double InRadians(double degrees) {
  return degrees * M_PI / 180;
}

/// From own coordinates, along a heading and to the left of it.
Point Placed(const Point& origin, double heading_degrees, const Point& own) {
  const double c = std::cos(InRadians(heading_degrees)), s = std::sin(InRadians(heading_degrees));
  return {origin.x + c * own.x - s * own.y, origin.y + s * own.x + c * own.y};
}

/// Counter-clockwise; the chords keep the area.
Polygon Stadium(double radius, double straight, double chord_error) {
  const int half = Chords(radius, M_PI, chord_error);
  const double step = M_PI / half;
  const double r = radius * std::sqrt(step / std::sin(step));
  Polygon polygon;
  for (const double end : {1.0, -1.0}) {
    for (int k = 0; k <= half; ++k) {
      const double angle = -M_PI / 2 + k * step;
      polygon.push_back({end * (0.5 * straight + r * std::cos(angle)), end * r * std::sin(angle)});
    }
  }
  return polygon;
}

/// An Euler bend to the left from the origin along x, of tightest radius 1.
class UnitEulerBend {
 public:
  UnitEulerBend(double turn_radians, double p) : ramp_(p * turn_radians), turn_(turn_radians) {}

  double Length() const { return ramp_ + turn_; }
  double HeadingAt(double s) const {
    const double rest = Length() - s;
    if (s < ramp_) return s * s / (2 * ramp_);
    if (rest < ramp_) return turn_ - rest * rest / (2 * ramp_);
    return s - 0.5 * ramp_;
  }
  /// Points at `count` equal steps of the way, the start included; Gauss's rule in each step.
  std::vector<Point> Points(int count) const {
    constexpr std::array<double, 3> kNode{-0.7745966692414834, 0, 0.7745966692414834};
    constexpr std::array<double, 3> kWeight{5.0 / 18, 8.0 / 18, 5.0 / 18};
    const double step = Length() / count;
    std::vector<Point> points{{0, 0}};
    for (int k = 0; k < count; ++k) {
      Point p = points.back();
      for (size_t n = 0; n < 3; ++n) {
        const double heading = HeadingAt(step * (k + 0.5 + 0.5 * kNode[n]));
        p.x += step * kWeight[n] * std::cos(heading);
        p.y += step * kWeight[n] * std::sin(heading);
      }
      points.push_back(p);
    }
    return points;
  }

 private:
  double ramp_;  ///< length over which the curvature rises
  double turn_;
};

}  // namespace

std::vector<Polygon> RacetrackOutlines(const Racetrack& track, double chord_error) {
  CheckPoint(track.centre, "centre");
  CheckPositive(track.radius, "radius");
  CheckPositive(track.width, "width");
  CheckNotNegative(track.straight, "straight");
  CheckAngle(track.heading, "heading");
  if (track.radius < 0.5 * track.width) {
    base::Fail("radius is {} um, but must be at least half the width of {} um", track.radius,
               track.width);
  }
  std::vector<Polygon> outlines{
      Stadium(track.radius + 0.5 * track.width, track.straight, chord_error)};
  if (track.radius > 0.5 * track.width) {
    outlines.push_back(Stadium(track.radius - 0.5 * track.width, track.straight, chord_error));
    std::reverse(outlines[1].begin(), outlines[1].end());
  }
  for (Polygon& outline : outlines) {
    for (Point& p : outline) p = Placed(track.centre, track.heading, p);
  }
  return outlines;
}

double TightestRadius(const EulerBend& bend) {
  constexpr int kSteps = 400;
  const double turn = InRadians(std::abs(bend.turn));
  const Point end = UnitEulerBend(turn, bend.p).Points(kSteps).back();
  return bend.radius * 2 * std::sin(turn / 2) / std::hypot(end.x, end.y);
}

Polygon EulerBendOutline(const EulerBend& bend, double chord_error) {
  CheckPoint(bend.from, "from");
  CheckPositive(bend.radius, "radius");
  CheckPositive(bend.width, "width");
  CheckAngle(bend.heading, "heading");
  if (!(bend.p >= 0 && bend.p <= 1)) {
    base::Fail("p is {}, but must lie between 0 (circular) and 1 (nowhere circular)", bend.p);
  }
  if (bend.turn == 0 || !(std::abs(bend.turn) <= 180)) {
    base::Fail("turn is {} degrees, but must lie between -180 and 180 and not be 0", bend.turn);
  }
  const double tightest = TightestRadius(bend);
  const double half_width = 0.5 * bend.width;
  if (tightest < half_width) {
    base::Fail(
        "the Euler bend is too tight: its radius falls to {:.4g} um, below half its width of {} um "
        "(take a larger radius or a smaller p)",
        tightest, bend.width);
  }
  const UnitEulerBend unit(InRadians(std::abs(bend.turn)), bend.p);
  const double step = std::sqrt(8 * chord_error * tightest / (1 + half_width / tightest));
  const int count =
      std::clamp(static_cast<int>(std::ceil(unit.Length() * tightest / step)), 16, 1000000);
  const std::vector<Point> centre = unit.Points(count);
  const double side = bend.turn > 0 ? 1 : -1;
  Polygon polygon;
  for (const double edge : {-1.0, 1.0}) {
    for (int k = 0; k <= count; ++k) {
      const int n = edge < 0 ? k : count - k;
      const double heading = unit.HeadingAt(unit.Length() * n / count);
      const Point own{tightest * centre[n].x - edge * half_width * std::sin(heading),
                      tightest * centre[n].y + edge * half_width * std::cos(heading)};
      polygon.push_back(Placed(bend.from, bend.heading, {own.x, side * own.y}));
    }
  }
  return polygon;
}

std::vector<Polygon> GratingOutlines(const Grating& grating) {
  constexpr int kMostTeeth = 1000000;
  CheckPoint(grating.from, "from");
  CheckPositive(grating.period, "period");
  CheckPositive(grating.width, "width");
  CheckAngle(grating.heading, "heading");
  if (!(grating.duty > 0 && grating.duty < 1)) {
    base::Fail("duty is {}, but must lie between 0 and 1: the part of a period that is tooth",
               grating.duty);
  }
  if (grating.count < 1 || grating.count > kMostTeeth) {
    base::Fail("count is {}, but must lie between 1 and {}", grating.count, kMostTeeth);
  }
  std::vector<Polygon> teeth;
  for (int k = 0; k < grating.count; ++k) {
    const double start = k * grating.period, end = start + grating.duty * grating.period;
    const double half = 0.5 * grating.width;
    Polygon tooth{{start, -half}, {end, -half}, {end, half}, {start, half}};
    for (Point& p : tooth) p = Placed(grating.from, grating.heading, p);
    teeth.push_back(std::move(tooth));
  }
  return teeth;
}

}  // namespace symwave::domain
