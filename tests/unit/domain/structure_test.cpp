#include "domain/structure.hpp"

#include <cmath>

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

ExtrudedShape Extruded(const ShapeGeometry& geometry, const std::string& material, double bottom,
                       double top) {
  return {{geometry, material, "deck.yaml:7"}, bottom, top};
}

TEST(Structure, LayersCoverAllHeights) {
  const Structure chip(
      "air", {{"SiO2", -kInfiniteHeight, 0, ""}},
      {Extruded(Box{{0, 0}, {4, 0.5}}, "Si", 0, 0.22), Extruded(Box{{0, 0}, {4, 2}}, "Si", 0, 0.09),
       Extruded(Box{{0, 0}, {1, 1}}, "Au", 1.0, 1.1)});
  const auto& layers = chip.Layers();
  ASSERT_EQ(layers.size(), 6u);
  EXPECT_EQ(layers.front().bottom, -kInfiniteHeight);
  EXPECT_EQ(layers.back().top, kInfiniteHeight);
  for (size_t k = 1; k < layers.size(); ++k) EXPECT_EQ(layers[k].bottom, layers[k - 1].top);
  EXPECT_EQ(layers[0].base, "SiO2");
  EXPECT_NEAR(Area(layers[1].regions[0].contours), 8, 1e-9);  // slab over rib
  EXPECT_NEAR(Area(layers[2].regions[0].contours), 2, 1e-9);
  EXPECT_TRUE(layers[3].regions.empty());
  EXPECT_EQ(chip.MaterialAt(0.1, 0.9, 0.05), "Si");
  EXPECT_EQ(chip.MaterialAt(0.1, 0.9, 0.1), "air");
  EXPECT_EQ(chip.MaterialAt(0.1, 0.3, 1.05), "Au");
  EXPECT_EQ(chip.MaterialAt(0.1, 0.3, -3), "SiO2");
  EXPECT_EQ(chip.Materials(), (std::vector<std::string>{"SiO2", "air", "Si", "Au"}));
}

TEST(Structure, LaterShapesCoverEarlierOnes) {
  const Structure chip(
      "SiO2", {},
      {Extruded(Circle{{0, 0}, 1}, "Si", 0, 1), Extruded(Circle{{0, 0}, 0.5}, "SiO2", 0.2, 0.4),
       Extruded(Box{{0, 0}, {0.2, 0.2}}, "Au", 0.3, 0.5)});
  EXPECT_EQ(chip.MaterialAt(0.3, 0, 0.1), "Si");
  EXPECT_EQ(chip.MaterialAt(0.3, 0, 0.3), "SiO2");
  EXPECT_EQ(chip.MaterialAt(0, 0, 0.35), "Au");
  EXPECT_EQ(chip.MaterialAt(0.05, 0, 0.45), "Au");
  EXPECT_EQ(chip.MaterialAt(0.3, 0, 0.45), "Si");
  for (const StructureLayer& layer : chip.Layers()) {
    for (const Region& region : layer.regions) EXPECT_NE(region.material, layer.base);
  }
}

TEST(Structure, InclinedWallsKeepTheWidthAtHalfHeight) {
  ExtrudedShape trapezoid = Extruded(Box{{0, 0}, {3, 0.5}}, "Si", 0, 0.2);
  trapezoid.sidewall = 80;
  const Structure chip("SiO2", {}, {trapezoid}, 0.004);
  EXPECT_EQ(chip.Layers().size(), 52u);
  const double lean = 1 / std::tan(80 * std::acos(-1.0) / 180);
  double volume = 0;
  for (const StructureLayer& layer : chip.Layers()) {
    if (layer.regions.empty()) continue;
    const double shift = 2 * lean * (0.1 - 0.5 * (layer.bottom + layer.top));
    const double area = Area(layer.regions[0].contours);
    EXPECT_NEAR(area, (3 + shift) * (0.5 + shift), 1e-8);
    volume += area * (layer.top - layer.bottom);
  }
  // A frustum: height (areas at the ends and 4 times the middle) / 6; the steps miss 1e-6 of it.
  const double d = 2 * lean * 0.1;
  const double exact = 0.2 / 6 * ((3 + d) * (0.5 + d) + 4 * 1.5 + (3 - d) * (0.5 - d));
  EXPECT_NEAR(volume, exact, 1e-6);
}

TEST(Structure, InclinedRingsKeepTheirHole) {
  ExtrudedShape ring = Extruded(Ring{{0, 0}, 2, 0.5}, "Si", 0, 0.2);
  ring.sidewall = 100;
  const Structure chip("SiO2", {}, {ring});
  EXPECT_EQ(chip.MaterialAt(0, 0, 0.1), "SiO2");
  EXPECT_EQ(chip.MaterialAt(2, 0, 0.1), "Si");
  EXPECT_EQ(chip.MaterialAt(2.26, 0, 0.19), "Si");  // wider towards the top
  EXPECT_EQ(chip.MaterialAt(2.26, 0, 0.01), "SiO2");
  EXPECT_EQ(chip.MaterialAt(1.74, 0, 0.19), "Si");
}

TEST(Structure, ErrorsSayWhatIsWrong) {
  ExpectSentence(
      [] {
        Structure("air", {}, {Extruded(Circle{{0, 0}, 1}, "Si", 0.2, 0)});
      },
      "deck.yaml:7: a shape of Si reaches from 0.2 to 0 um");
  ExpectSentence(
      [] {
        Structure("air", {{"SiO2", 1, 1, "deck.yaml:3"}}, {});
      },
      "deck.yaml:3: a layer of SiO2");
  ExpectSentence(
      [] {
        Structure("air", {}, {Extruded(Circle{{0, 0}, -1}, "Si", 0, 1)});
      },
      "deck.yaml:7: ");
  ExtrudedShape inclined = Extruded(Circle{{0, 0}, 1}, "Si", 0, 1);
  inclined.sidewall = 20;
  ExpectSentence([&] { Structure("air", {}, {inclined}); }, "allowed are 45 to 135");
  inclined = {{Circle{{0, 0}, 1}, "Si", ""}};
  inclined.sidewall = 80;
  ExpectSentence([&] { Structure("air", {}, {inclined}); }, "needs a finite bottom and top");
}

}  // namespace
}  // namespace symwave::domain
