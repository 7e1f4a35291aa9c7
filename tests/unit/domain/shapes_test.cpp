#include "domain/shapes.hpp"

#include <cmath>

#include "domain/curved_guides.hpp"
#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

const double kPi = std::acos(-1.0);

TEST(Shapes, PolygonsHaveTheirExactArea) {
  EXPECT_NEAR(Area(Box{{1, -2}, {3, 0.5}}), 1.5, 1e-12);
  EXPECT_NEAR(Area(Straight{{0, 0}, {3, 4}, 0.45}), 5 * 0.45, 1e-12);
  EXPECT_NEAR(Area(Taper{{0, 0}, {-2, 0}, 0.45, 1.3}), 2 * 0.5 * (0.45 + 1.3), 1e-12);
  EXPECT_NEAR(Area(FreePolygon{{{0, 0}, {0, 1}, {2, 0}}}), 1.0, 1e-12);  // given clockwise
}

TEST(Shapes, ArcsKeepTheirArea) {
  EXPECT_NEAR(Area(Circle{{0.3, 0.7}, 0.25}), kPi * 0.0625, 1e-12);
  EXPECT_NEAR(Area(Ring{{0, 0}, 5, 0.5, 0, 360}), 2 * kPi * 5 * 0.5, 1e-10);
  EXPECT_NEAR(Area(Ring{{0, 0}, 5, 0.5, 30, 75}), kPi / 4 * 5 * 0.5, 1e-11);
  EXPECT_NEAR(Area(Ring{{0, 0}, 1, 2, 0, 360}), kPi * 4, 1e-10);  // the hole has closed
  EXPECT_NEAR(Area(Bend{{0, 0}, 0, 90, 5, 0.5}), kPi / 2 * 5 * 0.5, 1e-11);
  EXPECT_NEAR(Area(Bend{{0, 0}, 20, -90, 5, 0.5}), kPi / 2 * 5 * 0.5, 1e-11);
}

TEST(Shapes, FullRingHasAClockwiseHole) {
  const auto outlines = Outlines(Ring{{0, 0}, 5, 0.5, 0, 360});
  ASSERT_EQ(outlines.size(), 2u);
  EXPECT_GT(Area({outlines[0]}), 0);
  EXPECT_LT(Area({outlines[1]}), 0);
}

TEST(Shapes, CircleIsSymmetricToTheLastBit) {
  const Polygon c = Outlines(Circle{{0, 0}, 0.37})[0];
  const size_t n = c.size();
  for (size_t i = 0; i < n; ++i) {
    const Point& mirrored = c[(n + n / 2 - i) % n];  // angle pi - a
    EXPECT_EQ(c[i].x, -mirrored.x);
    EXPECT_EQ(c[i].y, mirrored.y);
    EXPECT_EQ(c[i].y, -c[(n - i) % n].y);
  }
}

TEST(Shapes, CircleStaysWithinTheChordError) {
  const Polygon c = Outlines(Circle{{0, 0}, 5})[0];
  for (size_t i = 0; i < c.size(); ++i) {
    const Point& next = c[(i + 1) % c.size()];
    EXPECT_NEAR(std::hypot(c[i].x, c[i].y), 5, 1e-5);
    EXPECT_NEAR(std::hypot(c[i].x + next.x, c[i].y + next.y) / 2, 5, 1e-5);
  }
}

TEST(Shapes, BandsBetweenOffsetCurvesCoverLengthTimesWidth) {
  // Length of the raised cosine from (0, 0) to (5, -1.2), by Simpson's rule.
  double length = 0;
  const int n = 2000;
  for (int i = 0; i <= n; ++i) {
    const double slope = 0.5 * kPi * 1.2 / 5 * std::sin(kPi * i / n);
    length += (i == 0 || i == n ? 1 : i % 2 ? 4 : 2) * std::hypot(1.0, slope) * 5 / (3.0 * n);
  }
  EXPECT_NEAR(Area(SBend{{0, 0}, {5, -1.2}, 0.45}), 0.45 * length, 1e-5);
  EXPECT_NEAR(Area(SBend{{5, -1.2}, {0, 0}, 0.45}), 0.45 * length, 1e-5);
}

TEST(Shapes, SBendEndsAcrossTheAxis) {
  const Polygon p = Outlines(SBend{{0, 0}, {5, 1}, 0.5})[0];
  EXPECT_EQ(p.front().x, 0);
  EXPECT_NEAR(p.front().y, -0.25, 1e-15);
  EXPECT_EQ(p.back().x, 0);
  EXPECT_NEAR(p.back().y, 0.25, 1e-15);
}

TEST(Shapes, BendEndsWhereItShould) {
  // From the origin eastwards, 90 degrees to the left with radius 5: ends at (5, 5) going north.
  const Polygon p = Outlines(Bend{{0, 0}, 0, 90, 5, 0.5})[0];
  const auto has = [&](double x, double y) {
    for (const Point& q : p) {
      if (std::hypot(q.x - x, q.y - y) < 2e-5) return true;
    }
    return false;
  };
  EXPECT_TRUE(has(0, -0.25));
  EXPECT_TRUE(has(0, 0.25));
  EXPECT_TRUE(has(5.25, 5));
  EXPECT_TRUE(has(4.75, 5));
}

bool Has(const std::vector<Polygon>& outlines, double x, double y) {
  for (const Polygon& outline : outlines) {
    for (const Point& q : outline) {
      if (std::hypot(q.x - x, q.y - y) < 2e-5) return true;
    }
  }
  return false;
}

TEST(Shapes, RacetracksHaveTheirArea) {
  EXPECT_NEAR(Area(Racetrack{{1, 2}, 5, 3, 0.5, 30}), 0.5 * (2 * kPi * 5 + 2 * 3), 1e-6);
  const auto outlines = Outlines(Racetrack{{0, 0}, 5, 3, 0.5, 90});
  ASSERT_EQ(outlines.size(), 2u);
  EXPECT_TRUE(Has(outlines, 5.25, 1.5));
  EXPECT_TRUE(Has(outlines, -4.75, -1.5));
}

TEST(Shapes, EulerBendsEndWhereCircularOnesDo) {
  for (const double p : {0.0, 0.5, 1.0}) {
    const auto outlines = Outlines(EulerBend{{0, 0}, 0, 90, 5, p, 0.5});
    for (const double side : {-0.25, 0.25}) {
      EXPECT_TRUE(Has(outlines, 0, side)) << p;
      EXPECT_TRUE(Has(outlines, 5 + side, 5)) << p;
    }
  }
  const auto back = Outlines(EulerBend{{1, 2}, 90, -180, 5, 1, 0.5});
  EXPECT_TRUE(Has(back, 11.25, 2));
}

TEST(Shapes, EulerBendsCurveAsFresnelIntegralsSay) {
  // The whole of a turn of 90 degrees with p = 1: two clothoids from heading 0 to 45 degrees with
  // curvature s / (R0^2 pi / 2), s up to pi/2 R0; x and y of the meeting point by their series.
  const double t = kPi / 4;
  const double s = kPi / 2;  // in units of R0
  const double x = s * (1 - t * t / 10 + t * t * t * t / 216 - std::pow(t, 6) / 9360);
  const double y = s * (t / 3 - t * t * t / 42 + std::pow(t, 5) / 1320 - std::pow(t, 7) / 75600);
  // The end lies on the diagonal at the image of the start about the bisector.
  EXPECT_NEAR(TightestRadius(EulerBend{{0, 0}, 0, 90, 5, 1, 0.5}), 5 / (x + y), 1e-6);
  EXPECT_NEAR(TightestRadius(EulerBend{{0, 0}, 0, 90, 5, 0, 0.5}), 5, 1e-9);
}

TEST(Shapes, GratingsHaveTheirTeeth) {
  const auto teeth = Outlines(Grating{{1, 0}, 90, 0.6, 0.25, 4, 3});
  ASSERT_EQ(teeth.size(), 4u);
  EXPECT_NEAR(Area(teeth), 4 * 0.6 * 0.25 * 3, 1e-12);
  EXPECT_TRUE(Has(teeth, 2.5, 0));
  EXPECT_TRUE(Has(teeth, -0.5, 3 * 0.6 + 0.15));
}

TEST(Shapes, ShapesAreTurnedAndRepeated) {
  Shape shape{Box{{1, 2}, {2, 1}}, "Si", "deck:3", 90};
  EXPECT_TRUE(Has(Outlines(shape), 0.5, 1));
  EXPECT_TRUE(Has(Outlines(shape), 1.5, 3));
  shape.repeat = {{3, 2, 1}, {4, -5, 0}};
  const auto copies = Outlines(shape);
  ASSERT_EQ(copies.size(), 6u);
  EXPECT_TRUE(Has(copies, 8.5, -4));
  EXPECT_NEAR(Area(copies), 12, 1e-12);
  shape.repeat.pitch[0] = 0;
  ExpectSentence([&] { ComposeRegions({shape}); },
                 "deck:3: repeat.pitch is 0 um along x, where there are 3 copies");
  shape.repeat = {{2000, 2000, 1}, {1, 1, 0}};
  ExpectSentence([&] { Outlines(shape); }, "4e+06 copies");
}

TEST(Shapes, BodiesAreCutAtHeightZero) {
  EXPECT_NEAR(Area(Sphere{{0, 0, 0.6}, 1}), kPi * 0.64, 1e-9);
  EXPECT_NEAR(Area(Cylinder{{0, 0, 0.6}, 1, 3, {0, 1, 0}}), 1.6 * 3, 1e-4);
  EXPECT_TRUE(Outlines(Sphere{{0, 0, 2}, 1}).empty());
  Shape two{Sphere{{0, 0, 1}, 1}, "Si", ""};
  two.repeat = {{1, 1, 2}, {0, 0, -0.6}};
  EXPECT_NEAR(Area(Outlines(two)), kPi * (1 - 0.16), 1e-9);
}

TEST(Shapes, ErrorsSayWhatIsWrong) {
  const auto outline = [](ShapeGeometry g) { return [g] { Outlines(g); }; };
  ExpectSentence(outline(Box{{0, 0}, {1, -1}}), "size along y is -1 um, but must be positive");
  ExpectSentence(outline(Circle{{0, 0}, 0}), "radius is 0 um");
  ExpectSentence(outline(Circle{{NAN, 0}, 1}), "centre is [nan, 0] um");
  ExpectSentence(outline(Straight{{1, 1}, {1, 1}, 1}), "from and to are the same point [1, 1] um");
  ExpectSentence(outline(Ring{{0, 0}, 1, 3, 0, 360}), "at least half the width of 3 um");
  ExpectSentence(outline(Ring{{0, 0}, 5, 1, 90, 90}), "from 90 to 90 degrees");
  ExpectSentence(outline(SBend{{0, 0}, {0, 1}, 1}), "same x = 0 um");
  ExpectSentence(outline(SBend{{0, 0}, {1, 5}, 1}), "too tight");
  ExpectSentence(outline(Bend{{0, 0}, 0, 0, 5, 1}), "turn is 0 degrees");
  ExpectSentence(outline(Racetrack{{0, 0}, 1, 2, 3, 0}), "at least half the width of 3 um");
  ExpectSentence(outline(EulerBend{{0, 0}, 0, 90, 1, 1, 1.5}),
                 "the Euler bend is too tight: its radius falls to 0.5347 um");
  ExpectSentence(outline(EulerBend{{0, 0}, 0, 90, 1, 2, 0.5}), "p is 2");
  ExpectSentence(outline(EulerBend{{0, 0}, 0, 200, 9, 1, 0.5}), "turn is 200 degrees");
  ExpectSentence(outline(Grating{{0, 0}, 0, 1, 1, 3, 1}), "duty is 1");
  ExpectSentence(outline(FreePolygon{{{0, 0}, {1, 1}}}), "at least 3 points, 2 given");
  ExpectSentence(outline(FreePolygon{{{0, 0}, {1, 1}, {2, 2}}}), "has no area");
  ExpectSentence(outline(FreePolygon{{{0, 0}, {1, 1}, {1, 0}, {0, 1}}}), "crosses itself");
}

}  // namespace
}  // namespace symwave::domain
