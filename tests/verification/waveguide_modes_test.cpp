// Modes of cross-sections of the Yee lattice against exact guides and published values.
#include <gtest/gtest.h>

#include <cmath>

#include "solvers/modes/slab.hpp"
#include "tests/verification/waveguide_guides.hpp"

namespace symwave::verification {
namespace {

// ------------------------------------------------------------------------------------------------
// Slabs

struct SlabIndices {
  double te = 0, tm = 0;
};

constexpr double kFilm = 0.22;

/// An axis across the film 0 .. kFilm whose faces fall at the same place in a cell for every cell
/// size that divides kFilm: errors then are a pure power series of the cell.
Axis AcrossFilm(double cell) {
  const int count = static_cast<int>(std::lround(4.0 / cell));
  return Cells(-(count / 2 + 0.3) * cell, cell, count);
}

/// A film in z on a lattice that is periodic in y, with propagation along x.
SlabIndices LatticeSlab(double cell) {
  const Lattice lattice({Cells(0, cell, 4), Cells(0, cell, 1), AcrossFilm(cell)},
                        {kPec, kPeriodic, kOpen});
  const Volume film{std::pair(-kInf, kInf), std::pair(-kInf, kInf), std::pair(0.0, kFilm)};
  const MediumMap media = GuideMedia(lattice, {"Si", 3.476 * 3.476, 0, {}}, kOxide, Beam(film));
  const auto modes =
      SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), kOmega, 0, 3);
  EXPECT_GT(modes[0].te_fraction, 0.999);
  EXPECT_LT(modes[1].te_fraction, 0.001);
  EXPECT_TRUE(modes[0].guided && modes[1].guided);
  EXPECT_FALSE(modes[2].guided);
  return {modes[0].n_eff.real(), modes[1].n_eff.real()};
}

TEST(WaveguideModes, SlabConvergesToTheExactIndicesAtSecondOrder) {
  // 220 nm, 3.476 / 1.444: 2.847782 and 2.053320 to six digits.
  using solvers::modes::SlabPolarization;
  const auto exact = [](SlabPolarization p) {
    return solvers::modes::SlabEffectiveIndices(1.55, 1.444, {{3.476, kFilm}}, 1.444, p).at(0);
  };
  const double te = exact(SlabPolarization::TE);
  const double tm = exact(SlabPolarization::TM);
  const SlabIndices coarse = LatticeSlab(0.02);
  const SlabIndices fine = LatticeSlab(0.0025);
  std::printf("TE %.6f error %.2e -> %.2e   TM %.6f error %.2e -> %.2e\n", te, coarse.te - te,
              fine.te - te, tm, coarse.tm - tm, fine.tm - tm);
  EXPECT_GT(std::log2(std::abs((coarse.te - te) / (fine.te - te))) / 3, 1.9);
  EXPECT_GT(std::log2(std::abs((coarse.tm - tm) / (fine.tm - tm))) / 3, 1.9);
  EXPECT_NEAR(fine.te, te, 2e-4);
  EXPECT_NEAR(fine.tm, tm, 2e-4);
}

/// The film of LatticeSlab on a 2D lattice, layers along y.
WaveguideMode FlatSlab(FieldSet fields, double cell) {
  const Lattice lattice(fields, {Cells(0, cell, 4), AcrossFilm(cell)}, {kPec, kOpen});
  const Volume film{std::pair(-kInf, kInf), std::pair(0.0, kFilm), std::pair(-kInf, kInf)};
  const MediumMap media = GuideMedia(lattice, {"Si", 3.476 * 3.476, 0, {}}, kOxide, Beam(film));
  const auto modes =
      SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), kOmega, 0, 2);
  EXPECT_TRUE(modes[0].guided);
  EXPECT_FALSE(modes[1].guided);
  EXPECT_NEAR(std::abs(Overlap(lattice, modes[0], modes[0]) - 1.0), 0, 1e-10);
  EXPECT_LT(std::abs(Overlap(lattice, modes[0], modes[1])), 1e-8);
  return modes[0];
}

TEST(WaveguideModes, TwoDimensionalLatticesHaveTheModesOfTheSlab) {
  const SlabIndices slab = LatticeSlab(0.02);
  const WaveguideMode ez = FlatSlab(FieldSet::Ez, 0.02);
  const WaveguideMode hz = FlatSlab(FieldSet::Hz, 0.02);
  EXPECT_NEAR(ez.n_eff.real(), slab.te, 1e-11);
  EXPECT_NEAR(hz.n_eff.real(), slab.tm, 1e-11);
  EXPECT_EQ(ez.te_fraction, 0);
  EXPECT_EQ(hz.te_fraction, 1);
}

// ------------------------------------------------------------------------------------------------
// SOI strip, 500 x 220 nm

/// The quarter y, z > 0 that carries the horizontally polarised mode: E_y is even about both
/// planes.
WaveguideMode QuarterStripMode(double cell_x, double cell_y, double cell_z) {
  const auto count = [](double cell) { return static_cast<int>(std::lround(1.5 / cell)); };
  const Lattice lattice(
      {Cells(0, cell_x, 4), Cells(0, cell_y, count(cell_y)), Cells(0, cell_z, count(cell_z))},
      {kPec, kPecOpen, kPmcOpen});
  return StripModes(lattice, kOmega, 0, 1)[0];
}

/// n_eff for vanishing cells from two levels of cells that end 1/2 of a cell (`offset` 0.5) or on a
/// node (0) at the faces of the core; the cells along x are so small that they do not matter.
double ExtrapolatedStripIndex(double offset) {
  std::array<double, 2> n{};
  for (int level = 0; level < 2; ++level) {
    const int across = 8 << level;
    const WaveguideMode mode =
        QuarterStripMode(1e-3, 0.25 / (across + offset), 0.11 / (across / 2 + offset));
    n[level] = mode.n_eff.real();
    std::printf("core of %.1f cells: n_eff %.6f n_g %.4f TE %.4f area %.4f um^2\n",
                2 * (across + offset), n[level], mode.group_index, mode.te_fraction,
                4 * mode.effective_area);
  }
  const double ratio = std::pow((16 + offset) / (8 + offset), 2);
  return n[1] + (n[1] - n[0]) / (ratio - 1);
}

TEST(WaveguideModes, StripHasThePublishedIndex) {
  const double on_nodes = ExtrapolatedStripIndex(0);
  const double between = ExtrapolatedStripIndex(0.5);
  std::printf("extrapolated %.6f and %.6f\n", on_nodes, between);
  EXPECT_NEAR(on_nodes, 2.443, 1e-3);
  EXPECT_NEAR(between, 2.443, 1e-3);
  // The two approach from opposite sides; the corners leave terms beside the second order.
  EXPECT_NEAR(on_nodes, between, 4e-4);
}

TEST(WaveguideModes, SymmetryPlanesGiveTheModeOfTheWholeStrip) {
  const Lattice lattice = StripLattice(0.02);
  const double start = MPI_Wtime();
  const auto modes = StripModes(lattice, kOmega, 0, 2);
  std::printf("3 x 3 um at 20 nm, 2 modes: %.2f s\n", MPI_Wtime() - start);
  const WaveguideMode quarter = QuarterStripMode(0.02, 0.02, 0.02);
  EXPECT_NEAR(modes[0].n_eff.real(), quarter.n_eff.real(), 1e-10);
  EXPECT_NEAR(modes[0].group_index, quarter.group_index, 1e-8);
  EXPECT_GT(modes[0].te_fraction, 0.9);
  EXPECT_LT(modes[1].te_fraction, 0.1);
  EXPECT_TRUE(modes[0].guided);
  EXPECT_GT(modes[0].effective_area, 0.11);  // the core's own area
  EXPECT_LT(modes[0].effective_area, 0.3);
  EXPECT_NEAR(modes[0].effective_area, 4 * quarter.effective_area, 1e-8);
  // 4.05 without the dispersion of silicon, which adds about 0.15.
  EXPECT_NEAR(modes[0].group_index, 4.05, 0.05);
}

TEST(WaveguideModes, GroupIndexIsTheDerivativeOfTheWaveNumber) {
  const Lattice lattice = StripLattice(0.04, 2.0);
  const double dt = 0.9 * lattice.CourantLimit();
  // A resonance far above the band makes silicon normally dispersive.
  Medium core = kSilicon;
  core.eps_inf = 3;
  core.poles = {{9.0 * 36 * M_PI * M_PI, 6 * M_PI, 0}};
  const MediumMap media = GuideMedia(lattice, core, kOxide, Beam(kStrip));
  const auto beta = [&](double omega) {
    return SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), omega, dt, 1)[0]
        .beta.real();
  };
  const double step = 1e-3 * kOmega;
  const double derivative = (8 * (beta(kOmega + step) - beta(kOmega - step)) -
                             (beta(kOmega + 2 * step) - beta(kOmega - 2 * step))) /
                            (12 * step);
  const auto modes =
      SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), kOmega, dt, 1);
  EXPECT_NEAR(modes[0].group_index, derivative, 1e-7);
}

// ------------------------------------------------------------------------------------------------
// Closed forms in two transverse dimensions

TEST(WaveguideModes, SquareMetalGuideHasTheDiscreteClosedForm) {
  // sin and cos of m pi i / N are exact modes of the differences: kappa^2 = W^2 - q_m^2 - q_n^2
  // with q_m = 2 sin(m pi / 2N) / h; TE10 and TE01 degenerate, then TE11 and TM11.
  constexpr int kCells = 16;
  constexpr double kCell = 0.1;
  const Lattice lattice({Cells(0, 0.08, 4), Cells(0, kCell, kCells), Cells(0, kCell, kCells)},
                        {kPec, kPec, kPec});
  const auto modes =
      SolveWaveguide(MPI_COMM_WORLD, lattice, domain::UniformMedium({"air", 1, 0, {}}),
                     PlaneOf(lattice, 0, 1), kOmega, 0, 5);
  const auto q2 = [](int m) { return std::pow(2 * std::sin(0.5 * m * M_PI / kCells) / kCell, 2); };
  const std::array<double, 5> cut_off{q2(1), q2(1), 2 * q2(1), 2 * q2(1), q2(2)};
  for (size_t m = 0; m < modes.size(); ++m) {
    const double kappa2 = kOmega * kOmega - cut_off[m];
    const Complex found = 2.0 * std::sin(0.5 * 0.08 * modes[m].beta) / 0.08;
    EXPECT_NEAR(std::abs(found * found - kappa2), 0, 1e-9);
    EXPECT_EQ(modes[m].guided, kappa2 > 0);
    for (size_t k = 0; k < m; ++k) {
      EXPECT_LT(std::abs(Overlap(lattice, modes[m], modes[k])), 1e-8);
    }
  }
  // The degenerate pair is separated by polarisation.
  EXPECT_NEAR(modes[0].te_fraction + modes[1].te_fraction, 1, 1e-9);
  EXPECT_NEAR(std::max(modes[0].te_fraction, modes[1].te_fraction), 1, 1e-9);
}

TEST(WaveguideModes, RoundFibreConvergesToTheClosedForm) {
  constexpr double kRadius = 0.45;
  constexpr double kCore = 2.0;
  const double exact = FibreIndex(kRadius, kCore, 1.444);
  std::array<double, 2> error{};
  for (int level = 0; level < 2; ++level) {
    const double cell = 0.08 / (1 << (2 * level));
    const int cells = static_cast<int>(std::lround(2.4 / cell));
    const Lattice lattice({Cells(0, 1e-3, 4), Cells(0, cell, cells), Cells(0, cell, cells)},
                          {kPec, kPecOpen, kPmcOpen});
    const MediumMap media =
        GuideMedia(lattice, {"core", kCore * kCore, 0, {}}, kOxide, Fibre(kRadius));
    const auto modes =
        SolveWaveguide(MPI_COMM_WORLD, lattice, media, PlaneOf(lattice, 0, 2), kOmega, 0, 1);
    error[level] = std::abs(modes[0].n_eff.real() - exact);
    std::printf("fibre %.6f, cell %.3f: error %.2e\n", exact, cell, error[level]);
  }
  EXPECT_GT(std::log2(error[0] / error[1]) / 2, 1.7);
  EXPECT_LT(error[1], 5e-4);
}

}  // namespace
}  // namespace symwave::verification
