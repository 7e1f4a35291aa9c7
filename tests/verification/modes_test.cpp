// Lattice modes of a slab against the exact slab, and second order of convergence.
#include <gtest/gtest.h>

#include "solvers/modes/slab.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using solvers::fdfd::PlanePoints;

// The film's faces fall inside cells for every cell size used: the averaging has to place them.
constexpr double kLow = -0.1043, kHigh = 0.1157, kFilm = 3.476, kOxide = 1.444;

double LatticeIndex(Polarization polarization, double cell, bool averaged,
                    double wavelength = 1.55) {
  const auto snapped = [&](double x) { return averaged ? x : std::round(x / cell) * cell; };
  const auto drawn = MediaOf({BoxShape(-20, 20, snapped(kLow), snapped(kHigh))},
                             {{"core", kFilm * kFilm}, {"clad", kOxide * kOxide}});
  const PlanePoints points(domain::UniformLattice(GridOf(polarization, cell, 1, 4, 0.5)));
  const auto line = solvers::fdfd::LocateLine(points, PortAt("in", 0, 0, Direction::PlusX, 4));
  const auto modes = solvers::fdfd::SolvePortLine(
      points, domain::MakePermittivityMap(points.Lattice(), drawn), 2 * M_PI / wavelength, line, 1);
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

// The sign of n_eff must not follow that of an imaginary part that is rounding.
TEST_P(SlabModes, OfGuidesWithoutLossTravelForward) {
  double last = 10;
  for (int k = 0; k <= 100; ++k) {
    const double n_eff = LatticeIndex(GetParam(), 0.04, true, 1.5 + 0.001 * k);
    EXPECT_GT(n_eff, kOxide) << k;
    EXPECT_LT(n_eff, last) << k;
    last = n_eff;
  }
}

// Odd modes have two lobes of the same height; their sign must not depend on which one rounding
// makes the higher, or S jumps by pi from one wavelength of a band to the next.
TEST_P(SlabModes, KeepTheirSignOverABand) {
  const auto drawn =
      MediaOf({BoxShape(-20, 20, -0.65, 0.65)}, {{"core", 2.8 * 2.8}, {"clad", kOxide * kOxide}});
  const PlanePoints points(domain::UniformLattice(GridOf(GetParam(), 0.03, 1, 4.2, 0.6)));
  const auto media = domain::MakePermittivityMap(points.Lattice(), drawn);
  const auto line = solvers::fdfd::LocateLine(points, PortAt("in", 0, 0, Direction::PlusX, 3.2));
  std::vector<solvers::fdfd::LineMode> before;
  for (int w = 0; w <= 40; ++w) {
    const double omega = 2 * M_PI / (1.3 + 0.01 * w);
    const auto modes = solvers::fdfd::SolvePortLine(points, media, omega, line, 4);
    ASSERT_EQ(modes.size(), 4U);
    for (size_t m = 0; m < before.size(); ++m) {
      std::complex<double> overlap = 0;
      for (size_t j = 0; j < modes[m].profile.size(); ++j) {
        overlap += before[m].profile[j] * modes[m].profile[j];
      }
      EXPECT_GT(overlap.real(), 0) << "mode " << m << " at " << 1.3 + 0.01 * w << " um";
    }
    before = modes;
  }
}

INSTANTIATE_TEST_SUITE_P(BothPolarizations, SlabModes,
                         testing::Values(Polarization::Ez, Polarization::Hz));

}  // namespace
}  // namespace symwave::verification
