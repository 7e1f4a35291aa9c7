#include "domain/regions.hpp"

#include <cmath>

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

TEST(Regions, LaterShapesCutEarlierOnes) {
  const auto regions = ComposeRegions({{Box{{0, 0}, {4, 2}}, "core", ""},
                                       {Box{{1, 0}, {4, 1}}, "metal", ""},
                                       {Circle{{-1, 0}, 0.25}, "air", ""}});
  ASSERT_EQ(regions.size(), 3u);
  EXPECT_EQ(regions[0].material, "core");
  EXPECT_EQ(regions[1].material, "metal");
  EXPECT_EQ(regions[2].material, "air");
  // The circle is one radius away from the edge of the metal at x = -1: half of it lies in each.
  const double circle = std::acos(-1.0) * 0.0625;
  EXPECT_NEAR(Area(regions[0].contours), 8 - 3 - circle / 2, 1e-8);
  EXPECT_NEAR(Area(regions[1].contours), 4 - circle / 2, 1e-8);
  EXPECT_NEAR(Area(regions[2].contours), circle, 1e-8);
}

TEST(Regions, ShapesOfOneMaterialAreUnited) {
  const auto regions = ComposeRegions({{Box{{0, 0}, {2, 2}}, "core", ""},
                                       {Box{{2, 0}, {2, 2}}, "core", ""},   // touches
                                       {Box{{2, 1}, {2, 2}}, "core", ""},   // overlaps
                                       {Ring{{9, 0}, 1, 0.5}, "core", ""},  // apart, with a hole
                                       {Box{{9, 0}, {0.2, 0.2}}, "core", ""}});  // in that hole
  ASSERT_EQ(regions.size(), 1u);
  ASSERT_EQ(regions[0].contours.size(), 4u);
  EXPECT_NEAR(Area(regions[0].contours), 4 + 6 + std::acos(-1.0) * 2 * 0.5 + 0.04, 1e-8);
}

TEST(Regions, AMaterialPaintedAgainReturns) {
  const auto regions = ComposeRegions({{Box{{0, 0}, {4, 4}}, "core", ""},
                                       {Box{{0, 0}, {2, 2}}, "air", ""},
                                       {Box{{0, 0}, {1, 1}}, "core", ""}});
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_NEAR(Area(regions[0].contours), 16 - 4 + 1, 1e-9);
  EXPECT_NEAR(Area(regions[1].contours), 4 - 1, 1e-9);
}

TEST(Regions, ACoveredMaterialVanishes) {
  const auto regions =
      ComposeRegions({{Box{{0, 0}, {1, 1}}, "core", ""}, {Box{{0, 0}, {2, 2}}, "air", ""}});
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(regions[0].material, "air");
  EXPECT_TRUE(ComposeRegions({}).empty());
}

TEST(Regions, ErrorsBeginWithThePlaceInTheDeck) {
  ExpectSentence(
      [] {
        ComposeRegions({{Circle{{0, 0}, -1}, "core", "chip.yaml:12"}});
      },
      "chip.yaml:12: radius is -1 um");
}

TEST(Regions, MirrorSymmetricShapesCoverMirrorSymmetricCells) {
  std::vector<Shape> shapes;
  for (double s : {-1.0, 1.0}) {
    shapes.push_back({SBend{{s * 8, 1.5}, {s * 3, 0.325}, 0.45}, "core", ""});
    shapes.push_back({Circle{{s * 1.1, 0.2}, 0.37}, "core", ""});
    shapes.push_back({Taper{{s * 0.3, 0}, {s * 4, 0.1}, 0.4, 1.1}, "core", ""});
  }
  const auto regions = ComposeRegions(shapes);
  const int nx = 400;
  const int ny = 80;
  const Coverage c = CoverCells(regions[0].contours, Borders(-10, 10, nx), Borders(-2, 2, ny));
  for (int i = 0; i < nx; ++i) {
    for (int j = 0; j < ny; ++j) {
      EXPECT_NEAR(c.fraction[i * ny + j], c.fraction[(nx - 1 - i) * ny + j], 1e-8);
    }
  }
}

// Many outlines are painted once: the second time they come from memory, and only the same ones do.
TEST(Regions, ManyOutlinesAreKnownAgain) {
  std::vector<Region> painted{{"core", {}}};
  for (int i = 0; i < 400; ++i) {
    const double x = i % 20, y = i / 20;
    painted[0].contours.push_back({{x, y}, {x + 0.6, y}, {x + 0.6, y + 0.6}, {x, y + 0.6}});
  }
  const auto first = PaintRegions(painted);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_NEAR(Area(first[0].contours), 400 * 0.36, 1e-8);
  const auto again = PaintRegions(painted);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].contours.size(), first[0].contours.size());
  EXPECT_EQ(Area(again[0].contours), Area(first[0].contours));
  painted[0].contours[7][2].x += 0.1;
  EXPECT_NEAR(Area(PaintRegions(painted)[0].contours), 400 * 0.36 + 0.03, 1e-8);
  painted[0].material = "metal";
  EXPECT_EQ(PaintRegions(painted)[0].material, "metal");
}

TEST(DisplaceOutlines, UniformGrowthKeepsCorners) {
  const auto design = ComposeRegions({{Box{{0, 0}, {3, 2}}, "core", ""}});
  for (double d : {0.003, -0.003}) {
    for (double spacing : {1e6, 0.01}) {
      const auto grown = DisplaceOutlines(design, spacing, [&](double, double) { return d; });
      ASSERT_EQ(grown.size(), 1u);
      EXPECT_NEAR(Area(grown[0].contours), (3 + 2 * d) * (2 + 2 * d), 1e-8);
    }
  }
}

TEST(DisplaceOutlines, GrowthShrinksHoles) {
  const auto design =
      ComposeRegions({{Box{{0, 0}, {3, 2}}, "core", ""}, {Box{{0.5, 0}, {0.4, 0.4}}, "oxide", ""}});
  const auto grown = DisplaceOutlines(design, 1e6, [](double, double) { return 0.01; });
  ASSERT_EQ(grown.size(), 2u);
  EXPECT_NEAR(Area(grown[0].contours), 3.02 * 2.02 - 0.38 * 0.38, 1e-8);
  EXPECT_NEAR(Area(grown[1].contours), 0.38 * 0.38, 1e-8);
}

TEST(DisplaceOutlines, WhatIsNarrowerThanTheLossDisappears) {
  const auto design = ComposeRegions({{Box{{0, 0}, {3, 0.01}}, "core", ""}});
  EXPECT_TRUE(DisplaceOutlines(design, 0.1, [](double, double) { return -0.01; }).empty());
}

TEST(DisplaceOutlines, FollowsTheDisplacement) {
  // The upper edge of a guide rises by 0.01 sin(x), the lower one sinks by it.
  const auto design = ComposeRegions({{Box{{0, 0}, {20, 1}}, "core", ""}});
  const auto moved =
      DisplaceOutlines(design, 0.02, [](double x, double) { return 0.01 * std::sin(x); });
  const auto borders = Borders(-5, 5, 100);
  const Coverage c = CoverCells(moved[0].contours, borders, {-1, 1});
  for (int i = 0; i < 100; ++i) {
    const double mean = (std::cos(borders[i]) - std::cos(borders[i + 1])) / 0.1;
    EXPECT_NEAR(2 * c.fraction[i], 1 + 0.02 * mean, 2e-6);
  }
}

}  // namespace
}  // namespace symwave::domain
