// Modes of guides along circles against the radial equation, integrated on its own, and bends
// between ports that carry these modes.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "solvers/modes/waveguide.hpp"
#include "tests/verification/devices.hpp"

namespace symwave::verification {
namespace {

using solvers::modes::WaveguideMode;

constexpr double kCore = 2.848 * 2.848, kClad = 1.444 * 1.444, kWavelength = 1.55;
constexpr double kOmega = 2 * M_PI / kWavelength;
// Across the guide, from its middle: its sides, which fall inside cells, and the walls.
constexpr double kLow = -0.2143, kHigh = 0.2257, kWall = 1.2;

/// At the outer wall the value that vanishes there, of what vanishes at the inner one, in light
/// that turns by exp(i nu phi):  f' = a p / rho,  p' = -rho (omega^2 b - a^-1 nu^2 / rho^2) f  with
/// E, a = 1, b = eps, or H, a = eps, b = 1; the E along a wall is 0. Runge and Kutta, in steps that
/// end on the sides of the guide.
double AtOuterWall(Polarization polarization, double radius, double nu) {
  const bool ez = polarization == Polarization::Ez;
  double f = ez ? 0 : 1, p = ez ? 1 : 0;
  const std::array<double, 4> at{radius - kWall, radius + kLow, radius + kHigh, radius + kWall};
  for (int part = 0; part < 3; ++part) {
    const double eps = part == 1 ? kCore : kClad;
    const auto slope = [&](double rho, double value, double flux) -> std::array<double, 2> {
      const double a = ez ? 1 : eps, b = ez ? eps : 1;
      return {a * flux / rho, -rho * (kOmega * kOmega * b - nu * nu / (a * rho * rho)) * value};
    };
    constexpr int kSteps = 400;
    const double h = (at[part + 1] - at[part]) / kSteps;
    for (int n = 0; n < kSteps; ++n) {
      const double rho = at[part] + n * h;
      const auto k1 = slope(rho, f, p);
      const auto k2 = slope(rho + h / 2, f + h / 2 * k1[0], p + h / 2 * k1[1]);
      const auto k3 = slope(rho + h / 2, f + h / 2 * k2[0], p + h / 2 * k2[1]);
      const auto k4 = slope(rho + h, f + h * k3[0], p + h * k3[1]);
      f += h / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0]);
      p += h / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1]);
    }
  }
  return ez ? f : p;
}

/// n_eff at the radius of the guide's middle, of the mode with the largest.
double ExactIndex(Polarization polarization, double radius) {
  const double scale = kOmega * radius;
  double high = 2.848, low = high;
  const double outside = AtOuterWall(polarization, radius, high * scale);
  while (AtOuterWall(polarization, radius, low * scale) * outside > 0) low -= 0.01;
  high = low + 0.01;
  for (int n = 0; n < 60; ++n) {
    const double middle = 0.5 * (low + high);
    (AtOuterWall(polarization, radius, middle * scale) * outside > 0 ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

domain::FrequencyMedia StraightGuide() {
  return MediaOf({BoxShape(-20, 20, kLow, kHigh)}, {{"core", kCore}, {"clad", kClad}});
}

/// The largest index of a plane across a guide along x that bends towards larger y (or smaller).
WaveguideMode BentMode(Polarization polarization, double cell, double radius, bool upwards) {
  const domain::Lattice lattice = domain::UniformLattice(GridOf(polarization, cell, 1, 4, 0.5));
  const auto media = domain::MakePermittivityMap(lattice, StraightGuide());
  domain::PlanePort port = PortAt("in", 0, 0, Direction::PlusX, 2 * kWall);
  port.bend = {radius, upwards ? Direction::PlusY : Direction::MinusY};
  const domain::PortPlane at = domain::LocatePort(lattice, port);
  const solvers::modes::WaveguidePlane plane{
      at.axis, at.node, at.box, {}, solvers::modes::CurveOf(port)};
  return SolveWaveguide(MPI_COMM_WORLD, lattice, media, plane, kOmega, 1).at(0);
}

class BentGuides : public testing::TestWithParam<Polarization> {};

TEST_P(BentGuides, HaveTheIndexOfTheRadialEquation) {
  for (const double radius : {1.5, 3.0, 10.0}) {
    // The centre lies at smaller y, as in the radial equation.
    const double exact = ExactIndex(GetParam(), radius);
    const double coarse = std::abs(BentMode(GetParam(), 0.02, radius, false).n_eff.real() - exact);
    const double fine = std::abs(BentMode(GetParam(), 0.0025, radius, false).n_eff.real() - exact);
    std::printf("R %.1f um: n_eff %.6f, errors %.1e -> %.1e, order %.2f\n", radius, exact, coarse,
                fine, std::log2(coarse / fine) / 3);
    EXPECT_LT(fine, 1e-4) << radius;
    EXPECT_GT(std::log2(coarse / fine) / 3, 1.75) << radius;
  }
}

TEST_P(BentGuides, BecomeStraight) {
  const double straight = ExactIndex(GetParam(), 1e4);
  const WaveguideMode wide = BentMode(GetParam(), 0.01, 1e4, true);
  EXPECT_NEAR(wide.n_eff.real(), straight, 2e-3);
  EXPECT_TRUE(wide.guided);
  // Light moves outwards: its way is longer there.
  const double bent = BentMode(GetParam(), 0.01, 2, true).n_eff.real();
  EXPECT_GT(bent, wide.n_eff.real() + 1e-3);
}

// Beyond R n_eff / n_cladding the light of a bend is free.
TEST_P(BentGuides, AreNotGuidedWhereTheWindowReachesWhereTheyRadiate) {
  EXPECT_TRUE(BentMode(GetParam(), 0.02, 2, false).guided);
  EXPECT_FALSE(BentMode(GetParam(), 0.02, 0.9 * kWall / 0.8, false).guided);
}

/// A quarter of a circle between two ports, of guides that are drawn straight on behind them.
solvers::fdfd::Scattering QuarterBend(Polarization polarization, double cell, double radius,
                                      bool bent) {
  const double half = 0.5 * radius + 1.0, centre = -half + 0.6, at = centre + radius;
  const double width = kHigh - kLow;
  const auto media =
      MediaOf({{domain::Ring{{centre, centre}, radius, width, 0, 90}, "core", "test"},
               BoxShape(-20, centre, at - 0.5 * width, at + 0.5 * width),
               BoxShape(at - 0.5 * width, at + 0.5 * width, -20, centre)},
              {{"core", kCore}, {"clad", kClad}});
  std::vector<domain::PlanePort> ports{PortAt("in", centre, at, Direction::PlusX, 2.2),
                                       PortAt("out", at, centre, Direction::PlusY, 2.2)};
  if (bent) {
    ports[0].bend = {radius, Direction::MinusY};
    ports[1].bend = {radius, Direction::MinusX};
  }
  return SolveDevice(MPI_COMM_WORLD, GridOf(polarization, cell, 2 * half + 2, 2 * half + 2), media,
                     ports, kWavelength);
}

TEST_P(BentGuides, TurnLightByTheirOwnModesWithoutLoss) {
  constexpr double kRadius = 3;
  const auto straight = QuarterBend(GetParam(), 0.025, kRadius, false);
  const auto coarse = QuarterBend(GetParam(), 0.05, kRadius, true);
  const auto fine = QuarterBend(GetParam(), 0.025, kRadius, true);
  // Straight modes lose at both ends of the bend what those of the bend do not.
  EXPECT_GT(1 - std::norm(straight.s(1, 0)), 5e-3);
  EXPECT_NEAR(std::norm(fine.s(1, 0)), 1, 1e-3);
  EXPECT_LT(std::abs(fine.power[0].radiated), 3e-4);
  EXPECT_LT(std::norm(fine.s(0, 0)), 1e-5);
  EXPECT_LT(fine.reciprocity_defect, 1e-11);
  // n_eff counts the way at the given radius.
  const Complex turn =
      std::exp(Complex(0, 0.5 * M_PI * kOmega * kRadius * ExactIndex(GetParam(), kRadius)));
  const double off = std::abs(std::arg(coarse.s(1, 0) / turn));
  const double off_fine = std::abs(std::arg(fine.s(1, 0) / turn));
  std::printf("1 - |S21|^2: %.1e, straight modes %.1e; S11 %.1e; phase off by %.3f -> %.3f\n",
              1 - std::norm(fine.s(1, 0)), 1 - std::norm(straight.s(1, 0)), std::norm(fine.s(0, 0)),
              off, off_fine);
  EXPECT_LT(off_fine, 0.2);
  EXPECT_GT(std::log2(off / off_fine), 1.6);
}

INSTANTIATE_TEST_SUITE_P(BothPolarizations, BentGuides,
                         testing::Values(Polarization::Ez, Polarization::Hz));

}  // namespace
}  // namespace symwave::verification
