// Modes of ports chosen by polarization, followed over a band where they are degenerate, cross, or
// keep apart.
#include <gtest/gtest.h>

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/yee_media.hpp"
#include "solvers/fdtd/port_spectra.hpp"
#include "solvers/fdtd/scattering.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using domain::Axis;
using domain::ModeChoice;
using solvers::fdtd::ModeOverlap;
using solvers::fdtd::ModeSpectrum;

const ModeChoice kTe0(ModeChoice::Kind::TE, 0), kTe1(ModeChoice::Kind::TE, 1);
const ModeChoice kTm0(ModeChoice::Kind::TM, 0);

/// Cells of 0.1 um, 4 x 2 um across inside the PML, long enough for two ports.
domain::Lattice CoarseLattice() {
  const domain::AxisEnd end{domain::Wall::Pec, 8};
  return domain::Lattice({Axis::Uniform(0.1, 44), Axis::Uniform(0.1, 56), Axis::Uniform(0.1, 36)},
                         {{{end, end}, {end, end}, {end, end}}});
}

/// A guide of index 2 in oxide along x.
domain::MediumMap GuideMedia(const domain::Lattice& lattice, double width, double height,
                             double sidewall = 90) {
  domain::ExtrudedShape core;
  core.shape = BoxShape(-9, 9, -0.5 * width, 0.5 * width, "core");
  core.bottom = -0.5 * height;
  core.top = 0.5 * height;
  core.sidewall = sidewall;
  return domain::MakeMediumMap(lattice, domain::Structure("clad", {}, {core}),
                               {{"core", 4, 0, {}}, {"clad", 1.444 * 1.444, 0, {}}});
}

domain::PlanePort Port(double x, const std::vector<ModeChoice>& modes) {
  domain::PlanePort port =
      PortAt(x < 0 ? "in" : "out", x, 0, x < 0 ? Direction::PlusX : Direction::MinusX, 4);
  port.span = {4, 2};
  port.modes = modes;
  return port;
}

std::vector<double> Omegas(double from, double to, int count) {
  std::vector<double> omegas;
  omegas.reserve(static_cast<size_t>(count));
  for (int k = 0; k < count; ++k) {
    omegas.push_back(2 * M_PI / (from + (to - from) * k / (count - 1)));
  }
  return omegas;
}

ModeSpectrum Solve(MPI_Comm comm, const domain::Lattice& lattice, const domain::MediumMap& media,
                   const domain::PlanePort& port, const std::vector<double>& omegas) {
  return solvers::fdtd::SolveSpectra(comm, lattice, media,
                                     {{port, domain::LocatePort(lattice, port), true}}, omegas,
                                     {0.05, 9})
      .front();
}

/// Of the second mode over the first at an omega.
double IndexDifference(const ModeSpectrum& spectrum, double omega) {
  return spectrum.AtFrequency(1, omega).n_eff.real() - spectrum.AtFrequency(0, omega).n_eff.real();
}

// Equal in width and height: TE0 and TM0 are one eigenvalue, of which the solver could return any
// two combinations, other ones at each wavelength and on each number of ranks.
TEST(PortPolarization, DegenerateModesOfASquareGuide) {
  const domain::Lattice lattice = CoarseLattice();
  const domain::MediumMap media = GuideMedia(lattice, 0.8, 0.8);
  domain::PlanePort port = Port(-0.8, {kTm0, kTe0});
  port.span = {2, 2};
  const std::vector<double> omegas = Omegas(1.5, 1.6, 9);
  const ModeSpectrum here = Solve(MPI_COMM_SELF, lattice, media, port, omegas);
  const ModeSpectrum shared = Solve(MPI_COMM_WORLD, lattice, media, port, omegas);
  for (size_t k = 0; k < omegas.size(); ++k) {
    const auto &tm = here.Solved(0, k), &te = here.Solved(1, k);
    EXPECT_NEAR(std::abs(te.n_eff - tm.n_eff), 0, 1e-10);
    EXPECT_GT(te.te_fraction, 0.95);
    EXPECT_NEAR(te.te_fraction + tm.te_fraction, 1, 1e-9);
    EXPECT_LT(std::abs(ModeOverlap(lattice, te, tm)), 1e-10);
    EXPECT_EQ(te.e_u, shared.Solved(1, k).e_u);
    EXPECT_EQ(tm.h_u, shared.Solved(0, k).h_u);
    if (k > 0) {
      EXPECT_GT(ModeOverlap(lattice, here.Solved(1, k - 1), te).real(), 0.99);
      EXPECT_GT(ModeOverlap(lattice, here.Solved(0, k - 1), tm).real(), 0.99);
    }
  }
  ASSERT_EQ(here.AsSolved().chosen_doubts.size(), 1u);
  EXPECT_NE(here.AsSolved().chosen_doubts[0].find("one of the other polarization"),
            std::string::npos);
  EXPECT_TRUE(here.AsSolved().followed_doubts.empty());
}

/// The width at which TE1 and TM0 of a guide 0.5 um high cross at 1.55 um.
double WidthOfCrossing(const domain::Lattice& lattice) {
  double narrow = 1.9, wide = 2.3;
  for (int k = 0; k < 12; ++k) {
    const double width = 0.5 * (narrow + wide);
    const ModeSpectrum spectrum = Solve(MPI_COMM_WORLD, lattice, GuideMedia(lattice, width, 0.5),
                                        Port(-0.8, {kTe1, kTm0}), {2 * M_PI / 1.55});
    (IndexDifference(spectrum, 2 * M_PI / 1.55) > 0 ? narrow : wide) = width;
  }
  return 0.5 * (narrow + wide);
}

// TE1 and TM0 of a guide with upright walls are of different symmetry and cross: their numbers
// change places there, their names do not, and through a straight guide each keeps its light.
TEST(PortPolarization, CrossingModesKeepTheirLight) {
  const domain::Lattice lattice = CoarseLattice();
  const domain::MediumMap media = GuideMedia(lattice, WidthOfCrossing(lattice), 0.5);
  const std::vector<ModeChoice> both{kTe1, kTm0};
  const domain::PlanePort in = Port(-0.8, both), out = Port(0.8, both);
  solvers::fdtd::ScatteringOptions options;
  options.engine.pml.index = 1.7;
  options.run.decay = 1e-6;
  const std::vector<double> wavelengths{1.45, 1.5, 1.55, 1.6, 1.65};
  const auto result = solvers::fdtd::SolveScattering(MPI_COMM_WORLD, lattice, media, {in, out},
                                                     wavelengths, options);
  ASSERT_EQ(result.modes.size(), 4u);
  EXPECT_EQ(result.modes[0].name, "in#TE1");
  EXPECT_EQ(result.modes[3].name, "out#TM0");
  const auto difference = [&](size_t w) {
    return result.modes[1].n_eff[w].real() - result.modes[0].n_eff[w].real();
  };
  EXPECT_LT(difference(0), -3e-3);
  EXPECT_GT(difference(4), 3e-3);
  double through = 0, exchanged = 0, reflected = 0;
  for (size_t w = 0; w < wavelengths.size(); ++w) {
    const Complex way = Complex(0, 1.6 * 2 * M_PI / wavelengths[w]);
    for (int m = 0; m < 2; ++m) {
      const Complex expected = std::exp(way * result.modes[m].n_eff[w]);
      through = std::max(through, std::abs(result.s[w](2 + m, m) - expected));
      exchanged = std::max(exchanged, std::abs(result.s[w](3 - m, m)));
      reflected = std::max(reflected, std::abs(result.s[w](m, m)));
    }
  }
  // At the border of its window, 0.75 um above and below, a mode still has 1e-2 of its amplitude.
  EXPECT_LT(through, 1.2e-2);
  EXPECT_LT(reflected, 2e-3);
  EXPECT_LT(exchanged, 1e-6);  // by symmetry
  EXPECT_TRUE(result.mode_doubts.empty());
  std::printf(
      "crossing at 1.55 um (index of TM0 - TE1 %+.1e .. %+.1e): |S - exp(i beta L)| %.1e, "
      "exchanged %.1e, reflected %.1e\n",
      difference(0), difference(4), through, exchanged, reflected);
}

/// Whether one of the sentences has these words.
bool Says(const std::vector<std::string>& sentences, const std::string& words) {
  return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& sentence) {
    return sentence.find(words) != std::string::npos;
  });
}

// Slanted walls couple the two: their indices keep 0.004 apart, and where they are nearest each has
// half of the other kind. Followed by number they stay in order; names do not fit, which is said.
TEST(PortPolarization, ModesThatKeepApartAreHybrids) {
  const domain::Lattice lattice = CoarseLattice();
  const domain::MediumMap media = GuideMedia(lattice, WidthOfCrossing(lattice), 0.5, 65);
  const ModeSpectrum numbers =
      Solve(MPI_COMM_WORLD, lattice, media, Port(-0.8, {1, 2}), Omegas(1.35, 1.75, 9));
  for (size_t k = 0; k < 9; ++k) {
    EXPECT_GT(numbers.Solved(0, k).n_eff.real() - numbers.Solved(1, k).n_eff.real(), 4e-3);
  }
  EXPECT_NEAR(numbers.Solved(0, 4).te_fraction, 0.5, 0.1);
  EXPECT_LT(numbers.Solved(0, 0).te_fraction, 0.05);
  EXPECT_GT(numbers.Solved(0, 8).te_fraction, 0.95);
  EXPECT_TRUE(numbers.AsSolved().followed_doubts.empty());
  const ModeSpectrum named =
      Solve(MPI_COMM_WORLD, lattice, media, Port(-0.8, {kTe1, kTm0}), Omegas(1.35, 1.75, 9));
  EXPECT_TRUE(Says(named.AsSolved().chosen_doubts, "port 'in': mode TE1 is a hybrid"));
  EXPECT_TRUE(Says(named.AsSolved().followed_doubts, "port 'in': mode TM0 has a TE fraction of"));
  const ModeSpectrum coarse =
      Solve(MPI_COMM_WORLD, lattice, media, Port(-0.8, {1, 2}), Omegas(1.35, 1.75, 3));
  EXPECT_TRUE(Says(coarse.AsSolved().followed_doubts, "between them it becomes another one"));
}

}  // namespace
}  // namespace symwave::verification
