// What a ring of a layout puts into the cells of a lattice, beside the ring that is drawn.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "domain/polygon_union.hpp"
#include "domain/yee_media.hpp"
#include "io/gds/gds_flatten.hpp"
#include "tests/unit/domain/yee_media_helpers.hpp"
#include "tests/unit/io/gds_bytes.hpp"

namespace symwave::io {
namespace {

using domain::Component;
using domain::FieldSet;
using domain::Point;
using domain::Polygon;
using domain::ShapeGeometry;

constexpr double kCell = 0.05, kRadius = 2, kWidth = 0.5;
const domain::Ring kDrawn{{0.013, 0.007}, kRadius, kWidth};

/// The layout of one boundary, its corners rounded to the unit of its file [um].
ShapeGeometry FromLayout(const Polygon& boundary, double unit) {
  std::vector<std::pair<int, int>> corners;
  for (const Point& p : boundary) {
    corners.emplace_back(std::lround(p.x / unit), std::lround(p.y / unit));
  }
  testing_gds::Stream stream(1e-6 * unit);
  stream.Cell("TOP").Boundary(1, corners).EndCell();
  const FlatLayout flat = FlattenGds(ParseGds(stream.Bytes(), "t.gds"), {"", {{1, 0}}, {}});
  return domain::PolygonSet{domain::UniteOutlines(flat.polygons.at({1, 0}))};
}

/// Both outlines of the drawn ring in one boundary, joined by a cut.
Polygon DrawnOutlines() {
  Polygon boundary;
  for (const Polygon& contour : domain::Outlines(kDrawn)) {
    boundary.insert(boundary.end(), contour.begin(), contour.end());
    boundary.push_back(contour.front());
  }
  return boundary;
}

/// As gdsfactory's cell `ring` has it: the inner arc and the outer one back, corners on the
/// circles.
Polygon FactoryRing(double degrees) {
  Polygon boundary;
  const int steps = static_cast<int>(std::lround(360 / degrees));
  const auto add = [&](double radius, int step) {
    const double angle = 2 * M_PI * step / steps;
    boundary.push_back(
        {kDrawn.centre.x + radius * std::cos(angle), kDrawn.centre.y + radius * std::sin(angle)});
  };
  for (int k = 0; k <= steps; ++k) add(kRadius - kWidth / 2, k);
  for (int k = steps; k >= 0; --k) add(kRadius + kWidth / 2, k);
  return boundary;
}

domain::Lattice LatticeOf(FieldSet fields) {
  const domain::Axis axis = domain::Axis::Uniform(kCell, 100);
  return {fields, {axis, axis}, {}};
}

/// eps at all points of a component.
std::vector<double> EpsOf(FieldSet fields, Component c, const ShapeGeometry& ring) {
  const domain::Lattice lattice = LatticeOf(fields);
  const domain::MediumMap map = domain::MakeMediumMap(
      lattice, domain::Structure("SiO2", {}, {domain::Extruded(ring)}), domain::SiliconAndGlass());
  return map.sample(c, lattice.AllPoints()).eps;
}

double LargestDifference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (size_t k = 0; k < a.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
  return largest;
}

/// Of the share of silicon, which the mean of eps at the points of Ez is.
double FillDifference(const ShapeGeometry& a, const ShapeGeometry& b) {
  return LargestDifference(EpsOf(FieldSet::Ez, Component::Ez, a),
                           EpsOf(FieldSet::Ez, Component::Ez, b)) /
         (domain::kSilicon - domain::kGlass);
}

// Where the outline moves by d, the share of a square cell changes by at most sqrt(2) d / cell.
TEST(GdsRing, WithTheDrawnVerticesFillsCellsAlike) {
  const ShapeGeometry read = FromLayout(DrawnOutlines(), 1e-6);
  const double fill = FillDifference(kDrawn, read);
  std::printf("a ring drawn and its vertices in a file, units of 1 pm: shares differ by %.1e\n",
              fill);
  EXPECT_LT(fill, M_SQRT2 * 0.71e-6 / kCell);
  for (const Component c : {Component::Ex, Component::Ey}) {
    const double averages =
        LargestDifference(EpsOf(FieldSet::Hz, c, kDrawn), EpsOf(FieldSet::Hz, c, read));
    EXPECT_LT(averages, 2e-4);  // of eps = 12.1, by shares that differ by 2e-5
  }
  EXPECT_LT(FillDifference(kDrawn, FromLayout(DrawnOutlines(), 1e-3)), M_SQRT2 * 0.71e-3 / kCell);
}

TEST(GdsRing, WithVerticesOfALayoutToolFillsCellsToTheirError) {
  double coarse = 0;
  for (const double degrees : {5.0, 2.5, 1.25}) {
    // A chord stands off its arc by r (1 - cos) of half its angle.
    const double off = (kRadius + kWidth / 2) * (1 - std::cos(degrees * M_PI / 360));
    const double exact = FillDifference(kDrawn, FromLayout(FactoryRing(degrees), 1e-6));
    std::printf("corners every %.2f degrees, %.2f nm off: shares differ by %.1e\n", degrees,
                1e3 * off, exact);
    EXPECT_LT(exact, M_SQRT2 * off / kCell + 2e-4);  // chords of the drawn ring: 0.01 nm
    EXPECT_GT(exact, 0.5 * off / kCell);
    if (coarse > 0) {
      EXPECT_NEAR(coarse / exact, 4, 1);
    }
    coarse = exact;
    // On whole nanometres.
    const double rounded = FillDifference(kDrawn, FromLayout(FactoryRing(degrees), 1e-3));
    EXPECT_LT(rounded, M_SQRT2 * (off + 0.71e-3) / kCell + 2e-4);
  }
}

}  // namespace
}  // namespace symwave::io
