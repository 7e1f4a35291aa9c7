#include "domain/block_chip.hpp"

#include <cmath>

#include "domain/fabrication.hpp"
#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

BlockChip WithHoles(int masks) {
  BlockChip chip;
  chip.masks = masks;
  chip.holes = {{{2.5, 1.3}, 0.3}, {{0, -3.1}, 0.4}};
  return chip;
}

TEST(BlockChip, HasOneMoreCoreThanMasks) {
  for (int masks : {1, 2, 3, 4}) {
    const BlockChip chip = WithHoles(masks);
    const BlockLayout layout = MakeBlockLayout(chip, "oxide");
    EXPECT_EQ(layout.inputs.size(), 8u);
    EXPECT_EQ(layout.outputs.size(), 8u);
    EXPECT_EQ(layout.segments.size(), 8u * masks);
    EXPECT_EQ(layout.strips.size(), 1u * masks);
    int boxes = 0;
    for (const Shape& s : layout.shapes) boxes += std::holds_alternative<Box>(s.geometry);
    EXPECT_EQ(boxes, masks + 1);
    const double core = 2 * 2 + 12, mask = 3 + 2 * 0.5;
    EXPECT_NEAR(layout.size[0], (masks + 1) * core + masks * mask + 2 * 2, 1e-12);
    EXPECT_NEAR(layout.size[1], 14, 1e-12);
  }
}

TEST(BlockChip, PortsAndSegmentsAreMirrorImagesToTheLastBit) {
  for (int masks : {1, 2, 3}) {
    const BlockLayout layout = MakeBlockLayout(WithHoles(masks), "oxide");
    for (size_t p = 0; p < layout.inputs.size(); ++p) {
      EXPECT_EQ(layout.inputs[p].at[0], -layout.outputs[p].at[0]);
      EXPECT_EQ(layout.inputs[p].at[1], layout.outputs[p].at[1]);
      EXPECT_EQ(layout.inputs[p].at[1], -layout.inputs[7 - p].at[1]);
      if (p > 0) {
        EXPECT_LT(layout.inputs[p].at[1], layout.inputs[p - 1].at[1]);
      }
    }
    EXPECT_NEAR(layout.inputs[0].at[0], -0.5 * layout.size[0] + 0.5, 1e-12);
    for (int k = 0; k < masks; ++k) {
      const auto& strip = layout.strips[k];
      const auto& image = layout.strips[masks - 1 - k];
      EXPECT_EQ(strip[0], -image[1]);
      EXPECT_NEAR(strip[1] - strip[0], 3, 1e-12);
      for (int p = 0; p < 8; ++p) {
        const Segment& segment = layout.segments[8 * k + p];
        EXPECT_EQ(segment.centre.x, -layout.segments[8 * (masks - 1 - k) + p].centre.x);
        EXPECT_EQ(segment.centre.y, layout.inputs[p].at[1]);
      }
      if (k > 0) {
        EXPECT_GT(strip[0], layout.strips[k - 1][1]);
      }
    }
  }
}

TEST(BlockChip, CoversMirrorSymmetricCells) {
  FabricationErrors errors;
  for (int masks : {1, 2}) {
    const BlockLayout layout = MakeBlockLayout(WithHoles(masks), "oxide");
    for (double bias : {0.0, 0.003, -0.003}) {
      errors.etch_bias = bias;
      const auto regions = Fabricate(ComposeRegions(layout.shapes), errors);
      const int nx = 2 * static_cast<int>(layout.size[0] / 0.1 + 10);
      const int ny = 280;
      const auto x = Borders(-0.025 * nx, 0.025 * nx, nx);
      const auto y = Borders(-7, 7, ny);
      for (const Region& region : regions) {
        const Coverage c = CoverCells(region.contours, x, y);
        double worst = 0;
        for (int i = 0; i < nx; ++i) {
          for (int j = 0; j < ny; ++j) {
            worst = std::max(worst,
                             std::abs(c.fraction[i * ny + j] - c.fraction[(nx - 1 - i) * ny + j]));
          }
        }
        EXPECT_LT(worst, 2e-8);
      }
    }
  }
}

TEST(BlockChip, TheCoreIsOnePieceOfTheExpectedArea) {
  const BlockLayout layout = MakeBlockLayout(WithHoles(1), "oxide");
  const auto regions = ComposeRegions(layout.shapes);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].material, "core");
  EXPECT_EQ(regions[1].material, "oxide");
  const double holes = 2 * std::acos(-1.0) * (2 * 0.09 + 0.16);
  const double cores = 2 * 12 * 12, tapers = 4 * 8 * 2 * 0.5 * (0.45 + 1.3);
  const double guides = 8 * 0.45 * (4 + 2 * (2 + 5));
  EXPECT_NEAR(Area(regions[0].contours), cores + tapers + guides - holes, 1e-7);
  EXPECT_NEAR(Area(regions[1].contours), holes, 1e-8);
  // One outer boundary, 6 holes, and the 7 gaps between the guides of the mask.
  EXPECT_EQ(regions[0].contours.size(), 1u + 6 + 7);
}

TEST(BlockChip, HoleMaterialIsTakenWhenGiven) {
  BlockChip chip = WithHoles(1);
  chip.hole_material = "nitride";
  EXPECT_EQ(ComposeRegions(MakeBlockLayout(chip, "oxide").shapes)[1].material, "nitride");
}

TEST(BlockChip, ErrorsSayWhatIsWrong) {
  const auto broken = [](auto change) {
    BlockChip chip;
    change(chip);
    return [chip] { MakeBlockLayout(chip, "oxide"); };
  };
  ExpectSentence(broken([](BlockChip& c) { c.guide_width = 1.6; }), "overlap on a pitch of 1.5 um");
  ExpectSentence(broken([](BlockChip& c) { c.taper_width = 1.6; }), "taper_width must not exceed");
  ExpectSentence(broken([](BlockChip& c) { c.core_width = 9; }), "core_width of at least 11.8 um");
  ExpectSentence(broken([](BlockChip& c) { c.ports = 0; }), "ports is 0");
  ExpectSentence(broken([](BlockChip& c) { c.masks = 0; }), "masks is 0");
  ExpectSentence(broken([](BlockChip& c) { c.lead = 0.4; }), "lead is 0.4 um");
  ExpectSentence(broken([](BlockChip& c) { c.segment.switching = 2; }), "at most half its length");
  ExpectSentence(broken([](BlockChip& c) { c.core_length = -1; }), "core_length is -1 um");
  ExpectSentence(broken([](BlockChip& c) {
                   c.holes = {{{5.9, 0}, 0.3}};
                 }),
                 "leaves the multimode section");
}

TEST(Segment, ProfileRisesOverTheSwitchingLengthAndIntegratesToTheEffectiveLength) {
  Segment s;
  s.centre = {1.5, 0};
  EXPECT_EQ(s.Profile(1.5), 1);
  EXPECT_EQ(s.Profile(0), 0);
  EXPECT_EQ(s.Profile(3.0), 0);
  EXPECT_NEAR(s.Profile(0.5), 0.5, 1e-15);
  EXPECT_EQ(s.Profile(1.5 - 0.75), s.Profile(1.5 + 0.75));
  double integral = 0;
  for (int i = 0; i < 3000; ++i) integral += s.Profile((i + 0.5) * 1e-3) * 1e-3;
  EXPECT_NEAR(integral, s.EffectiveLength(), 1e-6);
}

}  // namespace
}  // namespace symwave::domain
