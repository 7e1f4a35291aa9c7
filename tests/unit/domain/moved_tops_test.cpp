// A film whose thickness differs from place to place: tops of shapes that are moved.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/domain/yee_media_helpers.hpp"

namespace symwave::domain {
namespace {

constexpr double kCell = 0.02;

/// A rib, a lower mesa and a post that begins within both, under air.
Structure Rib(double higher) {
  std::vector<ExtrudedShape> shapes{Extruded(Box{{0, 0}, {0.9, 0.4}}, -0.11, 0.11 + higher),
                                    Extruded(Box{{0.2, 0.1}, {0.3, 0.7}}, -0.11, 0.041 + higher),
                                    Extruded(Circle{{-0.2, 0.1}, 0.1}, -0.05, 0.16 + higher)};
  return Structure("SiO2", {{"air", 0.2, kInfiniteHeight, ""}}, shapes);
}

Lattice Cube(AxisEnd z = {}) {
  const Axis axis = Axis::Uniform(kCell, 30);
  return Lattice({axis, Axis::Uniform(kCell, 29), axis}, {kWalls[0], kWalls[1], {z, z}});
}

FillingMap FillingOf(const Lattice& lattice, const Structure& structure) {
  return MakeFillingMap(lattice, structure, {"SiO2", "Si", "air"}, {kGlass, kSilicon, 1});
}

/// Shares of all points and the weights of the walls there.
std::vector<double> Filled(const Lattice& lattice, const Structure& structure) {
  std::vector<double> values;
  const FillingMap map = FillingOf(lattice, structure);
  const auto add = [&](const std::array<int, 3>&, int medium, const Filling& filling) {
    for (int m = 0; m < 3; ++m) {
      values.push_back(medium < 0 ? filling.share[static_cast<size_t>(m)] : m == medium);
    }
    const std::array<double, 3> across = medium < 0 ? filling.variation : std::array<double, 3>{};
    values.insert(values.end(), across.begin(), across.end());
  };
  for (const Component c : kElectric) map.points(c, lattice.AllPoints(), add);
  map.nodes(lattice.AllPoints(), add);
  return values;
}

TEST(MovedTops, ByTheSameEverywhereAreThoseOfAnotherThickness) {
  for (const AxisEnd& end : {AxisEnd{}, AxisEnd{Wall::Periodic, 0}}) {
    const Lattice lattice = Cube(end);
    // Within a cell, through faces and half faces of cells, below the top of the mesa, onto a face.
    for (const double by : {0.003, -0.004, 0.0291, -0.033, -0.08, 0.01, -0.01, 0.0}) {
      const MovedTops moved{[by](double, double) { return by; }, std::abs(by)};
      const std::vector<double> found = Filled(lattice, Rib(0).WithTopsMoved(moved));
      const std::vector<double> wanted = Filled(lattice, Rib(by));
      ASSERT_EQ(found.size(), wanted.size());
      for (size_t k = 0; k < wanted.size(); ++k) ASSERT_NEAR(found[k], wanted[k], 1e-9) << by;
    }
  }
}

// What is moved is as much as the integral over the shape says, whatever cells it passes.
TEST(MovedTops, AddTheVolumeUnderThem) {
  const Structure strip("SiO2", {}, {Extruded(Box{{0.05, 0}, {0.3, 0.37}}, -0.11, 0.113)});
  const auto by = [](double x, double y) {
    return 0.03 * std::sin(9 * x) + 0.2 * x * y - 0.05 * y;
  };
  const Lattice lattice = Cube();
  const auto volume = [&](const Structure& structure) {
    double sum = 0;
    FillingOf(lattice, structure)
        .points(Component::Ez, lattice.AllPoints(),
                [&](const std::array<int, 3>& p, int medium, const Filling& filling) {
                  const Volume v = VolumeOf(lattice, Component::Ez, p);
                  double size = 1;
                  for (size_t d = 0; d < 3; ++d) size *= v.high[d] - v.low[d];
                  sum += size * (medium < 0 ? filling.share[1] : medium == 1 ? 1 : 0);
                });
    return sum;
  };
  // The integral of `by` over the box: the parts odd in y vanish.
  const double wanted = 0.37 * 0.03 * (std::cos(9 * -0.1) - std::cos(9 * 0.2)) / 9;
  const double added = volume(strip.WithTopsMoved({by, 0.1})) - volume(strip);
  EXPECT_NEAR(added, wanted, 0.02 * std::abs(wanted));  // mean of a cell against its middle
}

}  // namespace
}  // namespace symwave::domain
