// Bodies and anisotropic media on the points of E.
#include <algorithm>
#include <cstdio>

#include "tests/unit/domain/yee_media_helpers.hpp"

namespace symwave::domain {
namespace {

ExtrudedShape Body(const ShapeGeometry& geometry, const std::string& material = "Si") {
  ExtrudedShape shape;
  shape.shape.geometry = geometry;
  shape.shape.material = material;
  shape.whole_body = true;
  return shape;
}

Lattice Cube(int cells, double cell, const std::array<std::array<AxisEnd, 2>, 3>& ends = kWalls) {
  const Axis axis = Axis::Uniform(cell, cells);
  return Lattice({axis, axis, axis}, ends);
}

MediumMap MapOf(const Lattice& lattice, const std::vector<ExtrudedShape>& shapes,
                const std::vector<LayerSlab>& slabs = {}) {
  return MakeMediumMap(lattice, Structure("SiO2", slabs, shapes), SiliconAndGlass());
}

/// The component and point that the turn x -> y -> z -> x makes of one.
Component Turned(Component c) {
  return ElectricAlong(static_cast<int>(c) + 1);
}

// Along z a cylinder is an outline whose shares are exact; along x it is a body.
TEST(YeeBodies, ACylinderIsTheSameAlongEveryAxis) {
  const Lattice lattice = Cube(16, 0.1);
  const MediumMap upright =
      MapOf(lattice, {Body(Cylinder{{0.03, 0.05, 0.01}, 0.5, 0.9, {0, 0, 1}})});
  const MediumMap lying = MapOf(lattice, {Body(Cylinder{{0.01, 0.03, 0.05}, 0.5, 0.9, {1, 0, 0}})});
  double worst = 0, beside = 0;
  for (const Component c : kElectric) {
    const MediumBlock a = upright.sample(c, lattice.AllPoints());
    const MediumBlock b = lying.sample(Turned(c), lattice.AllPoints());
    for (int k = 0; k <= 16; ++k) {
      for (int j = 0; j <= 16; ++j) {
        for (int i = 0; i <= 16; ++i) {
          const double x = a.eps[static_cast<size_t>(a.box.Offset(i, j, k))];
          const double y = b.eps[static_cast<size_t>(b.box.Offset(k, i, j))];
          const double difference = std::abs(1 / x - 1 / y) * kGlass;
          worst = std::max(worst, difference);
          if (std::abs(k - 8) < 4) beside = std::max(beside, difference);
        }
      }
    }
  }
  std::printf(
      "a cylinder along x and one along z: 1/eps of its side differs by %.1e, at the rims by "
      "%.1e of the largest\n",
      beside, worst);
  EXPECT_LT(beside, 2e-3);
  EXPECT_LT(worst, 5e-2);  // normals where a face meets the side are a matter of definition
}

TEST(YeeBodies, ASphereLooksTheSameAlongEveryAxisToRounding) {
  const Lattice lattice = Cube(12, 0.1);
  const MediumMap map = MapOf(lattice, {Body(Sphere{{0.02, 0.02, 0.02}, 0.41})});
  const MediumBlock x = map.sample(Component::Ex, lattice.AllPoints());
  const MediumBlock y = map.sample(Component::Ey, lattice.AllPoints());
  for (int k = 0; k <= 12; ++k) {
    for (int j = 0; j <= 12; ++j) {
      for (int i = 0; i <= 12; ++i) {
        EXPECT_NEAR(x.eps[static_cast<size_t>(x.box.Offset(i, j, k))],
                    y.eps[static_cast<size_t>(y.box.Offset(k, i, j))], 1e-6);
      }
    }
  }
}

// Blocks that are not turned are layers, and what bodies do not touch has the layers' values.
TEST(YeeBodies, LayersKeepTheirValuesToTheLastBit) {
  const Lattice lattice = Cube(12, 0.1);
  const ExtrudedShape box = Extruded(Box{{0.03, 0.02}, {0.44, 0.36}}, -0.21, 0.33);
  const MediumMap drawn = MapOf(lattice, {box});
  const MediumMap block = MapOf(lattice, {Body(Block{{0.03, 0.02, 0.06}, {0.44, 0.36, 0.54}, {}})});
  const MediumMap both = MapOf(lattice, {box, Body(Sphere{{0.5, 0.5, 0.5}, 0.04})});
  for (const Component c : kElectric) {
    const auto expected = drawn.sample(c, lattice.AllPoints()).eps;
    EXPECT_EQ(block.sample(c, lattice.AllPoints()).eps, expected);
    const auto beside = both.sample(c, lattice.AllPoints()).eps;
    long changed = 0;
    for (size_t n = 0; n < expected.size(); ++n) changed += beside[n] != expected[n];
    EXPECT_GT(changed, 0);
    EXPECT_LE(changed, 8);
  }
}

TEST(YeeBodies, EveryWindowGivesTheSameBits) {
  const Lattice lattice = Cube(12, 0.1);
  const MediumMap map =
      MapOf(lattice, {Body(Ellipsoid{{0.1, 0, 0}, {0.4, 0.2, 0.3}, {{1, 1, 0}, 30}})});
  const MediumBlock whole = map.sample(Component::Ez, lattice.AllPoints());
  for (int k = 2; k < 10; ++k) {
    EXPECT_EQ(EpsAt(map, Component::Ez, 8, 6, k),
              whole.eps[static_cast<size_t>(whole.box.Offset(8, 6, k))]);
  }
  // Couplings of a window are those of the whole.
  const auto all = map.couple(lattice.AllPoints());
  EXPECT_GT(all.size(), 10u);
  const NodeCoupling& one = all[all.size() / 2];
  IndexBox node{one.node, one.node};
  for (int& hi : node.hi) ++hi;
  const auto alone = map.couple(node);
  ASSERT_EQ(alone.size(), 1u);
  EXPECT_EQ(alone[0].inverse_eps, one.inverse_eps);
}

TEST(YeeBodies, PainterOrderHoldsAmongShapesAndBodies) {
  const Lattice lattice = Cube(12, 0.1);
  const ExtrudedShape sphere = Body(Sphere{{0, 0, 0}, 0.4});
  ExtrudedShape hole = Extruded(Circle{{0, 0}, 0.2}, -0.55, 0.55);
  hole.shape.material = "SiO2";
  const MediumMap drilled = MapOf(lattice, {sphere, hole});
  const MediumMap filled = MapOf(lattice, {hole, sphere});
  EXPECT_EQ(EpsAt(drilled, Component::Ez, 6, 6, 5), kGlass);
  EXPECT_EQ(EpsAt(filled, Component::Ez, 6, 6, 5), kSilicon);
  EXPECT_EQ(EpsAt(drilled, Component::Ez, 9, 6, 5), kSilicon);
  const Structure structure("SiO2", {}, {sphere, hole});
  EXPECT_EQ(structure.MaterialAt(0, 0, 0), "SiO2");
  EXPECT_EQ(structure.MaterialAt(0.3, 0, 0), "Si");
  EXPECT_EQ(structure.MaterialAt(0.5, 0, 0), "SiO2");
}

TEST(YeeBodies, ASphereAcrossTheSeamOfAPeriodIsThatOfTheMiddle) {
  const Lattice lattice = Cube(10, 0.1, {kPeriodic, kPeriodic, kPeriodic});
  ExtrudedShape corners = Body(Sphere{{-0.5, -0.5, -0.5}, 0.33});
  corners.shape.repeat = {{2, 2, 2}, {1, 1, 1}};
  const MediumMap seam = MapOf(lattice, {corners});
  const MediumMap middle = MapOf(lattice, {Body(Sphere{{0, 0, 0}, 0.33})});
  for (const Component c : kElectric) {
    const MediumBlock a = seam.sample(c, {{0, 0, 0}, {10, 10, 10}});
    const MediumBlock b = middle.sample(c, {{5, 5, 5}, {15, 15, 15}});
    for (size_t n = 0; n < a.eps.size(); ++n) EXPECT_NEAR(a.eps[n], b.eps[n], 1e-1) << n;
  }
}

TEST(YeeBodies, BodiesNeedThreeDimensions) {
  const Axis axis = Axis::Uniform(0.1, 10);
  const Lattice plane(FieldSet::Ez, {axis, axis}, {});
  ExpectSentence([&] { MapOf(plane, {Body(Sphere{{0, 0, 0}, 0.3})}); }, "draw their section");
}

TEST(YeeBodies, AnisotropicMediaHaveOneValuePerComponent) {
  const Lattice lattice = Cube(8, 0.1);
  Medium calcite = Constant("Si", 2);
  calcite.anisotropy = {1.5, 1, 3};
  const MediumMap map =
      MakeMediumMap(lattice, Structure("SiO2", {}, {Extruded(Box{{0, 0}, {9, 9}}, -9, 0.01)}),
                    {Constant("SiO2", kGlass), calcite});
  EXPECT_EQ(EpsAt(map, Component::Ex, 2, 2, 1), 3);
  EXPECT_EQ(EpsAt(map, Component::Ey, 2, 2, 1), 2);
  EXPECT_EQ(EpsAt(map, Component::Ez, 2, 2, 1), 6);
  // A level face at 0.01: 0.6 of the node volumes of 0, 0.1 of the cell above.
  EXPECT_NEAR(EpsAt(map, Component::Ex, 2, 2, 4), 0.6 * 3 + 0.4 * kGlass, 1e-6);
  EXPECT_NEAR(EpsAt(map, Component::Ez, 2, 2, 4), 1 / (0.1 / 6 + 0.9 / kGlass), 1e-6);
}

}  // namespace
}  // namespace symwave::domain
