// Dispersive media inside a PML.
#include "solvers/fdtd/pml_media.hpp"

#include <gtest/gtest.h>

#include <set>

namespace symwave::solvers::fdtd {
namespace {

using domain::AxisEnd;
using domain::Component;
using domain::Wall;

domain::Lattice Flat() {
  const std::array<AxisEnd, 2> open{AxisEnd{Wall::Pec, 10}, AxisEnd{Wall::Pec, 10}};
  const std::array<AxisEnd, 2> closed{AxisEnd{Wall::Pec, 0}, AxisEnd{Wall::Pec, 0}};
  return domain::Lattice(domain::FieldSet::Hz,
                         {domain::Axis::Uniform(0.1, 40), domain::Axis::Uniform(0.1, 6)},
                         {open, closed});
}

const domain::Medium kMixed{"mixed", 2, 0, {{5, 1, 0}, {50, 30, 0.1}}};

TEST(DampPoles, GrowsFromZeroWithDepthAndLeavesTheInsideAlone) {
  const domain::Lattice lattice = Flat();
  PmlOptions pml;
  pml.damped_below = 4;
  const domain::MediumMap damped = DampPoles(lattice, domain::UniformMedium(kMixed), pml).map;
  const domain::MediumBlock block = damped.sample(Component::Ex, {{0, 2, 0}, {40, 3, 1}});
  double before = 1e30;
  std::set<int> used;
  for (int i = 0; i < 40; ++i) {
    double share = 0, damping = 0;
    for (const auto& part : block.dispersive) {
      if (part.share[i] == 0) continue;
      share += part.share[i];
      used.insert(part.medium);
      const domain::Medium& medium = damped.media[part.medium];
      damping = medium.poles[0].damping;
      EXPECT_EQ(medium.poles[1].damping, 0.1) << "a pole above the limit";
      EXPECT_EQ(medium.eps_inf, 2);
    }
    EXPECT_EQ(share, 1) << i;
    if (i < 10) {
      EXPECT_LE(damping, before) << i;
      EXPECT_GT(damping, 0) << i;
    } else if (i < 29) {
      EXPECT_EQ(damping, 0) << i;
    } else {
      EXPECT_GE(damping, before) << i;
    }
    before = damping;
  }
  EXPECT_GT(used.size(), 4u);
}

TEST(DampPoles, KeepsMediaWithoutSlowPoles) {
  PmlOptions pml;
  pml.damped_below = 0.5;
  EXPECT_EQ(DampPoles(Flat(), domain::UniformMedium(kMixed), pml).map.media.size(), 1u);
  EXPECT_EQ(DampPoles(Flat(), domain::UniformMedium({"glass", 2, 0, {}}), {}).map.media.size(), 1u);
}

}  // namespace
}  // namespace symwave::solvers::fdtd
