// Cells in which materials lie, and grids placed by a face.
#include "domain/widest_cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "domain/graded_axis.hpp"

namespace symwave::domain {
namespace {

const MaterialCells* Find(const std::vector<MaterialCells>& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.material == name; });
  return found == all.end() ? nullptr : &*found;
}

TEST(WidestCells, CountWhereTheMaterialLies) {
  GradedAxisOptions graded;
  graded.low = -2;
  graded.high = 2;
  graded.cell = 0.2;
  graded.refinements = {{-0.5, 0.5, 0.05}};
  const Axis x = Axis::Uniform(0.1, 40);
  const Axis y = GradedAxis(graded);
  const Lattice lattice({x, y, Axis::Uniform(1.0, 1)},
                        {{{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}},
                          {AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}},
                          {AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}}}});
  // A core inside the refinement, a lid that hides a block, something beyond the lattice.
  const auto box = [](const std::string& material, Point centre, std::array<double, 2> size) {
    ExtrudedShape shape;
    shape.shape = {Box{centre, size}, material, ""};
    return shape;
  };
  const Structure structure("air", {},
                            {box("core", {0, 0}, {10, 0.4}), box("hidden", {0, 1}, {0.2, 0.2}),
                             box("lid", {0, 1}, {0.5, 0.5}), box("outside", {5, 0}, {1, 1})});
  const std::vector<MaterialCells> all = WidestCells(lattice, structure.Layers());
  ASSERT_NE(Find(all, "core"), nullptr);
  EXPECT_NEAR(Find(all, "core")->width[0], 0.1, 1e-12);
  EXPECT_LE(Find(all, "core")->width[1], 0.05 + 1e-12);
  EXPECT_EQ(Find(all, "core")->width[2], 0);  // one periodic cell: nothing varies
  EXPECT_GT(Find(all, "lid")->width[1], 0.06);
  EXPECT_GT(Find(all, "air")->width[1], 0.15);
  EXPECT_EQ(Find(all, "hidden"), nullptr);
  EXPECT_EQ(Find(all, "outside"), nullptr);
}

TEST(WidestCells, BetweenManyOutlinesTheBaseIsEverywhere) {
  GradedAxisOptions graded;
  graded.low = -2;
  graded.high = 2;
  graded.cell = 0.2;
  graded.refinements = {{-0.5, 0.5, 0.05}};
  const Axis y = GradedAxis(graded);
  const Lattice lattice({Axis::Uniform(0.1, 40), y, Axis::Uniform(1.0, 1)},
                        {{{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}},
                          {AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}},
                          {AxisEnd{Wall::Periodic, 0}, AxisEnd{Wall::Periodic, 0}}}});
  StructureLayer layer;
  layer.base = "air";
  layer.regions = {{"core", {}}};
  for (int i = 0; i < 300; ++i) {
    const double x = -1.95 + 0.013 * i, low = -0.1, high = 0.1;
    layer.regions[0].contours.push_back({{x, low}, {x + 0.01, low}, {x + 0.01, high}, {x, high}});
  }
  const auto all = WidestCells(lattice, {layer});
  const MaterialCells* core = Find(all, "core");
  const MaterialCells* air = Find(all, "air");
  ASSERT_TRUE(core != nullptr && air != nullptr);
  EXPECT_LT(core->width[1], 0.05 + 1e-9);
  EXPECT_GT(air->width[1], 0.15);
  EXPECT_NEAR(core->width[0], 0.1, 1e-12);
}

}  // namespace
}  // namespace symwave::domain
