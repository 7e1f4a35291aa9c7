#include "solvers/modes/slab.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::modes {
namespace {

const double kPi = std::acos(-1.0);

TEST(Slab, SiliconFilmInOxide) {
  const auto te = SlabEffectiveIndices(1.55, 1.444, {{3.476, 0.22}}, 1.444, SlabPolarization::TE);
  const auto tm = SlabEffectiveIndices(1.55, 1.444, {{3.476, 0.22}}, 1.444, SlabPolarization::TM);
  ASSERT_EQ(te.size(), 1u);
  ASSERT_EQ(tm.size(), 1u);
  EXPECT_NEAR(te[0], 2.847782, 1e-6);
  EXPECT_NEAR(tm[0], 2.053320, 1e-6);
}

TEST(Slab, AirCladSlabAtLowFrequency) {
  // eps = 12, width 1, frequency 0.15: k_x / 2 pi = 0.426617 = n_eff * 0.15.
  const auto te =
      SlabEffectiveIndices(1 / 0.15, 1, {{std::sqrt(12.0), 1}}, 1, SlabPolarization::TE);
  EXPECT_NEAR(te.at(0) * 0.15, 0.426617, 1e-6);
}

TEST(Slab, SolvesTheThreeLayerEquation) {
  // kappa d = m pi + atan(q gamma_below / kappa) + atan(q gamma_above / kappa), q = 1 or (n /
  // n_i)^2.
  const double n = 3.48, below = 1.444, above = 1.0, d = 1.7, k0 = 2 * kPi / 1.31;
  for (const auto pol : {SlabPolarization::TE, SlabPolarization::TM}) {
    const auto modes = SlabEffectiveIndices(1.31, below, {{n, d}}, above, pol);
    EXPECT_GE(modes.size(), 7u);
    for (size_t m = 0; m < modes.size(); ++m) {
      const double kappa = std::sqrt(n * n - modes[m] * modes[m]);
      const auto turn = [&](double outer) {
        const double q = pol == SlabPolarization::TE ? 1 : n * n / (outer * outer);
        return std::atan(q * std::sqrt(modes[m] * modes[m] - outer * outer) / kappa);
      };
      EXPECT_NEAR(k0 * kappa * d, m * kPi + turn(below) + turn(above), 1e-11);
    }
  }
}

TEST(Slab, CutLayersChangeNothing) {
  for (const auto pol : {SlabPolarization::TE, SlabPolarization::TM}) {
    const auto whole = SlabEffectiveIndices(1.55, 1.444, {{3.476, 1.5}}, 1.0, pol);
    const auto cut = SlabEffectiveIndices(
        1.55, 1.444, {{1.444, 0.8}, {3.476, 0.3}, {3.476, 1.2}, {1.0, 5}}, 1.0, pol);
    ASSERT_EQ(whole.size(), cut.size());
    for (size_t m = 0; m < whole.size(); ++m) EXPECT_NEAR(whole[m], cut[m], 2e-13);
  }
}

TEST(Slab, NearlyDegenerateModesAreAllFound) {
  const std::vector<SlabLayer> pair{{3.476, 0.22}, {1.444, 20}, {3.476, 0.22}};
  for (const auto pol : {SlabPolarization::TE, SlabPolarization::TM}) {
    const auto one = SlabEffectiveIndices(1.55, 1.444, {{3.476, 0.22}}, 1.444, pol);
    const auto two = SlabEffectiveIndices(1.55, 1.444, pair, 1.444, pol);
    ASSERT_EQ(two.size(), 2u);
    EXPECT_NEAR(two[0], one[0], 1e-12);
    EXPECT_NEAR(two[1], one[0], 1e-12);
  }
  // Close enough to split: the first is the symmetric one.
  const auto split = SlabEffectiveIndices(1.55, 1.444, {{3.476, 0.22}, {1.444, 0.3}, {3.476, 0.22}},
                                          1.444, SlabPolarization::TE);
  ASSERT_EQ(split.size(), 2u);
  EXPECT_GT(split[0], 2.8478 + 0.005);
  EXPECT_LT(split[1], 2.8478 - 0.005);
}

TEST(Slab, CountsModesUpToTheCutOff) {
  // Symmetric slab: 1 + floor(V / pi) modes, V = k0 d sqrt(n1^2 - n2^2).
  const double contrast = std::sqrt(3.476 * 3.476 - 1.444 * 1.444);
  for (int m : {1, 2, 5}) {
    const double cut_off = m * kPi / (2 * kPi / 1.55 * contrast);
    for (const auto pol : {SlabPolarization::TE, SlabPolarization::TM}) {
      EXPECT_EQ(SlabEffectiveIndices(1.55, 1.444, {{3.476, cut_off * 0.999}}, 1.444, pol).size(),
                m);
      EXPECT_EQ(SlabEffectiveIndices(1.55, 1.444, {{3.476, cut_off * 1.001}}, 1.444, pol).size(),
                m + 1);
    }
  }
}

TEST(Slab, WithoutGuideNoMode) {
  EXPECT_TRUE(SlabEffectiveIndices(1.55, 1.444, {}, 1.444, SlabPolarization::TE).empty());
  EXPECT_TRUE(SlabEffectiveIndices(1.55, 3.5, {{3.4, 1}}, 1, SlabPolarization::TE).empty());
  EXPECT_TRUE(SlabEffectiveIndices(1.55, 1.444, {{3.476, 0.02}}, 1, SlabPolarization::TE).empty());
}

TEST(Slab, RefusesWhatIsNotPositive) {
  EXPECT_THROW(SlabEffectiveIndices(0, 1, {{2, 1}}, 1, SlabPolarization::TE), base::UserError);
  EXPECT_THROW(SlabEffectiveIndices(1, 1, {{2, -1}}, 1, SlabPolarization::TE), base::UserError);
  EXPECT_THROW(SlabEffectiveIndices(1, 1, {{NAN, 1}}, 1, SlabPolarization::TE), base::UserError);
}

}  // namespace
}  // namespace symwave::solvers::modes
