// Control volumes cut by walls and faces, against brute-force sampling of them.
#include <cmath>

#include "tests/unit/domain/yee_media_helpers.hpp"

namespace symwave::domain {
namespace {

/// A guide at 20 degrees to the x axis, and how far a point is from its centre line.
struct Slanted {
  double angle = 0.35;
  double width = 0.437;
  double bottom = -0.113;
  double top = 0.109;

  ExtrudedShape Shape() const {
    const Point to{3 * std::cos(angle), 3 * std::sin(angle)};
    return Extruded(Straight{{-to.x, -to.y}, to, width}, bottom, top);
  }
  double Across(double x, double y) const { return y * std::cos(angle) - x * std::sin(angle); }
  bool Within(double x, double y) const { return std::abs(Across(x, y)) < 0.5 * width; }
  bool Inside(double x, double y, double z) const { return Within(x, y) && z > bottom && z < top; }
  /// 1: the whole height is inside, 0: outside, -1: cut. Plane: the same seen from above.
  int Height(const Volume& v) const {
    if (v.low[2] > bottom && v.high[2] < top) return 1;
    return v.high[2] < bottom || v.low[2] > top ? 0 : -1;
  }
  int Plane(const Volume& v) const {
    int corners = 0;
    for (double x : {v.low[0], v.high[0]}) {
      for (double y : {v.low[1], v.high[1]}) corners += Within(x, y);
    }
    return corners == 4 ? 1 : corners == 0 ? 0 : -1;
  }
};

TEST(YeeMediaVolumes, SlantedGuideEqualsBruteForce) {
  const Slanted guide;
  const Structure chip("SiO2", {}, {guide.Shape()});
  const Lattice lattice({Graded(-0.5, 0.04, 22), Graded(-0.6, 0.05, 22), Graded(-0.3, 0.03, 17)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, SiliconAndGlass());
  const double n[] = {-std::sin(guide.angle), std::cos(guide.angle), 0};
  const Inside inside = [&](double x, double y, double z) { return guide.Inside(x, y, z); };
  int walls = 0, faces = 0, edges = 0;
  for (const Component c : kElectric) {
    const int a = static_cast<int>(c);
    const MediumBlock block = map.sample(c, lattice.AllPoints());
    for (int i = 2; i < 20; i += 5) {
      for (int j = 2; j < 20; ++j) {
        for (int k = 2; k < 15; ++k) {
          const Volume v = VolumeOf(lattice, c, {i, j, k});
          const double eps = block.eps[block.box.Offset(i, j, k)];
          const int height = guide.Height(v);
          const int plane = guide.Plane(v);
          if (height == 0 || plane == 0) {
            EXPECT_EQ(eps, kGlass);
          } else if (height == 1 && plane == 1) {
            EXPECT_EQ(eps, kSilicon);
          } else if (height == 1) {
            // 40^3 points find the volume behind a plane to some 1e-3.
            EXPECT_NEAR(eps / Farjadpour(BruteFill(inside, v), n[a] * n[a]), 1, 1e-2);
            ++walls;
          } else if (plane == 1) {
            const double cut = std::min(guide.top, v.high[2]) - std::max(guide.bottom, v.low[2]);
            const double fill = cut / (v.high[2] - v.low[2]);
            EXPECT_NEAR(eps, Farjadpour(fill, a == 2 ? 1 : 0), 1e-6);
            ++faces;
          } else {
            const double fill = BruteFill(inside, v);
            EXPECT_GE(eps, Farjadpour(fill - 5e-3, 1));
            EXPECT_LE(eps, Farjadpour(fill + 5e-3, 0));
            ++edges;
          }
        }
      }
    }
  }
  EXPECT_GT(walls, 100);
  EXPECT_GT(faces, 50);
  EXPECT_GT(edges, 20);
}

TEST(YeeMediaVolumes, MeansOfAVolumeEqualBruteForce) {
  // At small contrast every normal gives the mean, to second order in the contrast.
  const Structure chip("a", {}, {{{Circle{{0.02, 0.01}, 0.31}, "Si", ""}, -0.1, 0.12}});
  const Inside inside = [](double x, double y, double z) {
    const double dx = x - 0.02;
    const double dy = y - 0.01;
    return dx * dx + dy * dy < 0.31 * 0.31 && z > -0.1 && z < 0.12;
  };
  const Lattice lattice({Graded(-0.5, 0.04, 22), Graded(-0.5, 0.05, 18), Graded(-0.3, 0.03, 17)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, {Constant("a", 1), Constant("Si", 1 + 1e-6)});
  int cut = 0;
  for (const Component c : kElectric) {
    const MediumBlock block = map.sample(c, lattice.AllPoints());
    for (int i = 1; i < 21; i += 5) {
      for (int j = 1; j < 17; ++j) {
        for (int k = 1; k < 16; ++k) {
          const double fill = BruteFill(inside, VolumeOf(lattice, c, {i, j, k}));
          // Half a layer of the 40 points at a level face.
          EXPECT_NEAR((block.eps[block.box.Offset(i, j, k)] - 1) / 1e-6, fill, 0.015);
          cut += fill > 0 && fill < 1;
        }
      }
    }
  }
  EXPECT_GT(cut, 150);
}

TEST(YeeMediaVolumes, InclinedWallsHaveTheirNormal) {
  ExtrudedShape guide = Extruded(Box{{0, 0}, {10, 1}}, -0.2, 0.2);
  guide.sidewall = 70;
  const Structure chip("SiO2", {}, {guide}, 1e-3);
  const Lattice lattice({Axis::Uniform(0.05, 20), Axis::Uniform(0.05, 40), Axis::Uniform(0.05, 20)},
                        kWalls);
  const MediumMap map = MakeMediumMap(lattice, chip, SiliconAndGlass());
  const double angle = 70 * std::acos(-1.0) / 180;
  const Inside inside = [&](double, double y, double z) {
    return std::abs(y) < 0.5 - z / std::tan(angle);
  };
  const double n2[] = {0, std::pow(std::sin(angle), 2), std::pow(std::cos(angle), 2)};
  int cut = 0;
  for (const Component c : kElectric) {
    for (int j = 20; j < 38; ++j) {
      const double fill = BruteFill(inside, VolumeOf(lattice, c, {10, j, 9}));
      if (fill < 0.02 || fill > 0.98) continue;
      ++cut;
      // Steps of 1 nm in 50 nm, and 40^3 points.
      EXPECT_NEAR(EpsAt(map, c, 10, j, 9) / Farjadpour(fill, n2[static_cast<int>(c)]), 1, 0.02);
    }
  }
  EXPECT_GE(cut, 3);
}

}  // namespace
}  // namespace symwave::domain
