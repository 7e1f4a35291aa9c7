#include "domain/shapes.hpp"

#include <cmath>

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
  ExpectSentence(outline(FreePolygon{{{0, 0}, {1, 1}}}), "at least 3 points, 2 given");
  ExpectSentence(outline(FreePolygon{{{0, 0}, {1, 1}, {2, 2}}}), "has no area");
  ExpectSentence(outline(FreePolygon{{{0, 0}, {1, 1}, {1, 0}, {0, 1}}}), "crosses itself");
}

}  // namespace
}  // namespace symwave::domain
