// Lattice modes of a slab against the exact slab, and second order of convergence.
#include <gtest/gtest.h>

#include "solvers/modes/slab.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

// The film's faces fall inside cells for every cell size used: the averaging has to place them.
constexpr double kLow = -0.1043, kHigh = 0.1157, kFilm = 3.476, kOxide = 1.444;

double LatticeIndex(Polarization polarization, double cell, bool averaged) {
  const auto snapped = [&](double x) { return averaged ? x : std::round(x / cell) * cell; };
  const auto layout = LayoutOf({BoxShape(-20, 20, snapped(kLow), snapped(kHigh))},
                               {{"core", kFilm * kFilm}, {"clad", kOxide * kOxide}});
  const domain::Grid grid(GridOf(polarization, cell, 1, 4, 0.5));
  const auto line = domain::LocatePort(grid, PortAt("in", 0, 0, Facing::PlusX, 4));
  const auto modes =
      solvers::fdfd::SolvePortLine(grid, layout, 2 * M_PI / 1.55, line, 1);
  return modes.at(0).n_eff.real();
}

double ExactIndex(Polarization polarization) {
  using solvers::modes::SlabPolarization;
  // Ez out of the plane is the slab's TE, Hz its TM.
  const auto kind = polarization == Polarization::Ez ? SlabPolarization::TE : SlabPolarization::TM;
  return solvers::modes::SlabEffectiveIndices(1.55, kOxide, {{kFilm, kHigh - kLow}}, kOxide, kind)
      .at(0);
}

class SlabModes : public testing::TestWithParam<Polarization> {};

TEST_P(SlabModes, ConvergeAtSecondOrderWithAveraging) {
  const double exact = ExactIndex(GetParam());
  // A single pair of grids can be lucky about where the faces fall: the order over a factor of 8.
  const double coarse = std::abs(LatticeIndex(GetParam(), 0.02, true) - exact);
  const double fine = std::abs(LatticeIndex(GetParam(), 0.0025, true) - exact);
  const double order = std::log2(coarse / fine) / 3;
  std::printf("n_eff %.6f, errors %.2e -> %.2e, order %.2f\n", exact, coarse, fine, order);
  EXPECT_GT(order, 1.8);
  EXPECT_LT(fine, 2e-4);
}

TEST_P(SlabModes, AreWorseWithoutAveraging) {
  const double exact = ExactIndex(GetParam());
  double averaged = 0;
  double snapped = 0;
  for (const double cell : {0.02, 0.0165, 0.0143, 0.0125, 0.01}) {
    averaged = std::max(averaged, std::abs(LatticeIndex(GetParam(), cell, true) - exact));
    snapped = std::max(snapped, std::abs(LatticeIndex(GetParam(), cell, false) - exact));
  }
  EXPECT_LT(averaged, 0.6 * snapped);
}

INSTANTIATE_TEST_SUITE_P(BothPolarizations, SlabModes,
                         testing::Values(Polarization::Ez, Polarization::Hz));

TEST(LeakyModes, FollowTheGuidedOnesInOrder) {
  const auto layout = LayoutOf({BoxShape(-20, 20, kLow, kHigh)},
                               {{"core", kFilm * kFilm}, {"clad", kOxide * kOxide}});
  const domain::Grid grid(GridOf(Polarization::Ez, 0.02, 1, 3, 1));
  auto line = domain::LocatePort(grid, PortAt("in", 0, 0, Facing::PlusX, 3));
  line.begin = 0;
  line.end = grid.Ny();
  const auto modes =
      solvers::fdfd::SolvePortLine(grid, layout, 2 * M_PI / 1.55, line, 6);
  ASSERT_GE(modes.size(), 4u);
  EXPECT_TRUE(modes[0].guided);
  EXPECT_LT(std::abs(modes[0].n_eff.imag()), 1e-9);
  for (size_t k = 1; k < modes.size(); ++k) {
    EXPECT_FALSE(modes[k].guided) << k;
    EXPECT_GT(modes[k].n_eff.imag(), 0) << "a leaky mode decays, mode " << k;
    // Sorted by the propagation constant squared.
    EXPECT_GE((modes[k - 1].n_eff * modes[k - 1].n_eff).real() + 1e-2,
              (modes[k].n_eff * modes[k].n_eff).real());
  }
}

}  // namespace
}  // namespace symwave::verification
