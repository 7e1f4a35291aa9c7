// Outlines united on several ranks are those of one rank, to the bit and in its order.
#include "domain/polygon_union.hpp"

#include <gtest/gtest.h>

#include <random>

#include "domain/regions.hpp"

namespace symwave::domain {

namespace {

/// Overlapping squares and stars, some alone and some in clusters.
std::vector<Polygon> Scattered(int count, double extent) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<Polygon> polygons;
  for (int k = 0; k < count; ++k) {
    const double x = extent * share(random), y = extent * share(random), size = share(random);
    const int corners = share(random) < 0.5 ? 4 : 10;
    Polygon polygon;
    for (int c = 0; c < corners; ++c) {
      const double radius = size * (corners == 10 && c % 2 == 1 ? 0.5 : 1);
      const double turn = 2 * M_PI * c / corners;
      polygon.push_back({x + radius * std::cos(turn), y + radius * std::sin(turn)});
    }
    polygons.push_back(polygon);
  }
  return polygons;
}

void ExpectSame(const std::vector<Polygon>& a, const std::vector<Polygon>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t k = 0; k < a.size(); ++k) {
    ASSERT_EQ(a[k].size(), b[k].size());
    for (size_t c = 0; c < a[k].size(); ++c) {
      EXPECT_EQ(a[k][c].x, b[k][c].x);
      EXPECT_EQ(a[k][c].y, b[k][c].y);
    }
  }
}

double Area(const std::vector<Polygon>& outlines) {
  double area = 0;
  for (const Polygon& outline : outlines) area += OutlineArea(outline);
  return area;
}

}  // namespace

TEST(UniteOutlines, IsTheSameOnAnyNumberOfRanks) {
  for (const double extent : {10.0, 60.0}) {  // one cluster, many groups
    const std::vector<Polygon> polygons = Scattered(400, extent);
    ExpectSame(UniteOutlines(MPI_COMM_WORLD, polygons), UniteOutlines(polygons));
  }
  EXPECT_TRUE(UniteOutlines(MPI_COMM_WORLD, {}).empty());
}

// 2500 cells of a slab with a hole and an island in each, over many tiles, and bars across them:
// the area of tiles is that of all at once, and nothing is covered twice.
TEST(UniteOutlines, OfManyTilesHasTheAreaOfAllAtOnce) {
  std::vector<Polygon> polygons;
  for (int i = 0; i < 50; ++i) {
    for (int j = 0; j < 50; ++j) {
      const double x = i, y = j;
      polygons.push_back({{x, y}, {x + 1, y}, {x + 1, y + 0.2}, {x, y + 0.2}});
      polygons.push_back({{x, y}, {x + 0.2, y}, {x + 0.2, y + 1}, {x, y + 1}});
      polygons.push_back({{x + 0.5, y + 0.5}, {x + 0.7, y + 0.5}, {x + 0.6, y + 0.7}});
    }
  }
  const double cell = 1 - 0.8 * 0.8 + 0.02;
  const std::vector<Polygon> slab = UniteOutlines(MPI_COMM_WORLD, polygons);
  EXPECT_EQ(slab.size(), 2500u + 2401u + 1u);  // islands, closed holes, the slab
  EXPECT_NEAR(Area(slab), 2500 * cell, 1e-6);
  polygons.push_back({{10.3, -3}, {10.9, -3}, {10.9, 60}, {10.3, 60}});
  polygons.push_back({{-5, 20.5}, {60, 20.6}, {60, 21.9}, {-5, 21.7}});
  const std::vector<Polygon> crossed = UniteOutlines(MPI_COMM_WORLD, polygons);
  std::vector<Polygon> reversed(polygons.rbegin(), polygons.rend());
  EXPECT_NEAR(Area(crossed), Area(PaintRegions({{"core", reversed}})[0].contours), 1e-6);
  EXPECT_NEAR(Area(UniteOutlines(MPI_COMM_WORLD, crossed)), Area(crossed), 1e-6);
}

// What is united already is painted as it is, and covers and is covered like all else.
TEST(UniteOutlines, IsPaintedAsWhatItIsMadeOf) {
  const std::vector<Polygon> drawn = Scattered(400, 20), cover{{{5, 5}, {9, 5}, {9, 15}, {5, 15}}};
  const std::vector<Polygon> united = UniteOutlines(drawn);
  const auto of_drawn = PaintRegions({{"core", drawn}, {"metal", cover}, {"core", {cover[0]}}});
  const auto of_united =
      PaintRegions({{"core", united, true}, {"metal", cover, true}, {"core", cover, true}});
  ASSERT_EQ(of_drawn.size(), 1u);
  ASSERT_EQ(of_united.size(), 1u);
  EXPECT_NEAR(Area(of_united[0].contours), Area(of_drawn[0].contours), 1e-7);
  EXPECT_GT(Area(of_united[0].contours), Area(united) + 1);
  const auto below = PaintRegions({{"metal", cover, true}, {"core", united, true}});
  ASSERT_EQ(below.size(), 2u);
  EXPECT_NEAR(Area(below[0].contours) + Area(united), Area(of_drawn[0].contours), 1e-7);
  EXPECT_TRUE(below[0].united && below[1].united);
}

}  // namespace symwave::domain
