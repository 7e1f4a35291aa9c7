#include "domain/pole_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/error.hpp"
#include "domain/materials.hpp"
#include "domain/pole_media.hpp"
#include "domain/tabulated_index.hpp"

namespace symwave::domain {
namespace {

using Complex = std::complex<double>;

double Omega(double wavelength) {
  return 2 * M_PI / wavelength;
}

/// Largest error of n + i k over wavelengths from `low` to `high`.
template <class Epsilon>
double ErrorOf(const Medium& medium, const Epsilon& epsilon, double low, double high) {
  double worst = 0;
  for (int k = 0; k <= 100; ++k) {
    const double omega = Omega(low + (high - low) * k / 100);
    worst = std::max(worst, std::abs(std::sqrt(medium.Permittivity(omega)) -
                                     std::sqrt(Complex(epsilon(omega)))));
  }
  return worst;
}

template <class Epsilon>
Medium Fit(const Epsilon& epsilon, double low, double high) {
  return FitPassivePoles("m", epsilon, {Omega(high), Omega(low)});
}

/// Im eps >= 0 from far below to far above the band, and the form that is passive by itself.
void ExpectPassive(const Medium& medium) {
  CheckMedium(medium);
  EXPECT_GE(medium.eps_inf, 1);
  for (int k = -60; k <= 60; ++k) {
    const Complex eps = medium.Permittivity(4 * std::pow(10, 0.05 * k));
    EXPECT_GE(eps.imag(), -1e-12 * std::abs(eps));
  }
}

TEST(PoleFit, FollowsSiliconAndGlassAndStaysLossless) {
  for (const char* name : {"Si", "SiO2", "Si3N4"}) {
    const auto epsilon = [name](double omega) {
      return std::pow(BuiltInIndex(name, 2 * M_PI / omega), 2);
    };
    const Medium medium = Fit(epsilon, 1.5, 1.6);
    EXPECT_LT(ErrorOf(medium, epsilon, 1.5, 1.6), 2e-4) << name;
    EXPECT_LE(medium.poles.size(), 2u) << name;
    EXPECT_EQ(medium.conductivity, 0);
    for (const Pole& pole : medium.poles) EXPECT_EQ(pole.damping, 0);
    ExpectPassive(medium);
  }
}

TEST(PoleFit, FindsALineInTheBand) {
  const auto epsilon = [](double w) { return 2.1 + 0.32 / (16 - w * w - Complex(0, 0.1) * w); };
  const Medium medium = Fit(epsilon, 1.3, 1.8);
  EXPECT_LT(ErrorOf(medium, epsilon, 1.3, 1.8), 1e-6);
  ASSERT_EQ(medium.poles.size(), 1u);
  EXPECT_NEAR(medium.poles[0].frequency, 4, 1e-6);
  ExpectPassive(medium);
}

TEST(PoleFit, FollowsMetalsAndConstantLoss) {
  const Medium gold = BuiltInMedium("Au", {1.2, 1.7});
  const auto metal = [&gold](double w) { return gold.Permittivity(w); };
  const Medium medium = Fit(metal, 1.2, 1.7);
  EXPECT_LT(ErrorOf(medium, metal, 1.2, 1.7), 1e-3);
  ExpectPassive(medium);
  const auto lossy = [](double) { return std::pow(Complex(3.5, 0.01), 2); };
  EXPECT_LT(ErrorOf(Fit(lossy, 1.5, 1.6), lossy, 1.5, 1.6), 1e-4);
}

/// Largest error of Im eps, as a share of it.
template <class Epsilon>
double LossErrorOf(const Medium& medium, const Epsilon& epsilon, double low, double high) {
  double worst = 0;
  for (int k = 0; k <= 100; ++k) {
    const double omega = Omega(low + (high - low) * k / 100);
    const double wanted = Complex(epsilon(omega)).imag();
    worst = std::max(worst, std::abs(medium.Permittivity(omega).imag() / wanted - 1));
  }
  return worst;
}

/// The light lost over the way goes with k, however small it is beside n: a conductivity would err
/// by 13 % at the ends of the widest band here.
TEST(PoleFit, SmallConstantLossIsRightOverTheBand) {
  struct Case {
    Complex index;
    double low, high;
  };
  for (const Case& c :
       {Case{{1.5, 0.0045}, 1.3, 1.7}, Case{{3.5, 1e-4}, 1.3, 1.7}, Case{{2, 2e-5}, 0.5, 0.7},
        Case{{1.33, 0.02}, 0.5, 0.7}, Case{{3.5, 0.3}, 1.5, 1.6}}) {
    const auto epsilon = [&c](double) { return c.index * c.index; };
    const Medium medium = Fit(epsilon, c.low, c.high);
    EXPECT_LT(LossErrorOf(medium, epsilon, c.low, c.high), 5e-3) << c.index;
    EXPECT_LT(ErrorOf(medium, epsilon, c.low, c.high), 3e-4) << c.index;
    EXPECT_LE(medium.poles.size(), 2u) << c.index;
    ExpectPassive(medium);
  }
  const auto rising = [](double w) { return std::pow(Complex(1.45, 4e-4 * w), 2); };
  EXPECT_LT(LossErrorOf(Fit(rising, 1.3, 1.7), rising, 1.3, 1.7), 5e-3);
}

/// Absorption that ends within the band, sharper than a Lorentz line: the index stays right.
TEST(PoleFit, LossThatNoPoleFollowsDoesNotCostTheIndex) {
  const auto edge = [](double w) {
    return std::pow(Complex(3.4 + 0.01 * w, 0.05 / (1 + std::exp(-(w - 4) / 0.02))), 2);
  };
  const Medium medium = Fit(edge, 1.3, 1.8);
  EXPECT_LT(ErrorOf(medium, edge, 1.3, 1.8), 2.5e-2);
  ExpectPassive(medium);
}

TEST(PoleFit, ResonancesStayBelowWhatATimeStepAllows) {
  const auto glass = [](double omega) {
    return std::pow(BuiltInIndex("SiO2", 2 * M_PI / omega), 2);
  };
  const std::array<double, 2> band{Omega(1.6), Omega(1.5)};
  const Medium medium = FitPassivePoles("m", glass, band, 12.0);
  for (const Pole& pole : medium.poles) EXPECT_LE(pole.frequency, 12.0);
  EXPECT_LT(ErrorOf(medium, glass, 1.5, 1.6), 2e-4);
  ExpectPassive(medium);
}

/// No passive lossless medium has an index that rises with the wavelength: the error shows.
TEST(PoleFit, AnomalousDispersionWithoutLossIsNotFollowed) {
  const auto rising = [](double w) { return std::pow(2.8 + 0.05 * (2 * M_PI / w - 1.55), 2); };
  const Medium medium = Fit(rising, 1.5, 1.6);
  EXPECT_GT(ErrorOf(medium, rising, 1.5, 1.6), 2e-3);
  ExpectPassive(medium);
}

using Rows = std::vector<TabulatedIndex::Row>;

TEST(TabulatedIndex, InterpolatesWithoutOvershoot) {
  std::vector<TabulatedIndex::Row> rows;
  for (double l = 1.2; l < 2.05; l += 0.1) rows.push_back({l, BuiltInIndex("SiO2", l)});
  const TabulatedIndex table(rows);
  EXPECT_EQ(table.Range()[0], 1.2);
  // The third difference of n over 0.1 um is 2e-5.
  EXPECT_NEAR(table.Index(1.55).real(), BuiltInIndex("SiO2", 1.55).real(), 2e-5);
  EXPECT_EQ(table.Index(1.2), rows[0].index);
  EXPECT_THROW(table.Index(1.1), base::UserError);
  const TabulatedIndex edge({{1, {2, 0}}, {1.1, {2, 0}}, {1.2, {2, 1}}, {1.3, {2, 1}}});
  for (double l = 1; l <= 1.3; l += 0.01) {
    EXPECT_GE(edge.Index(l).imag(), 0);
    EXPECT_LE(edge.Index(l).imag(), 1 + 1e-14);
  }
  EXPECT_THROW((TabulatedIndex(Rows{{1, {2, 0}}})), base::UserError);
  EXPECT_THROW((TabulatedIndex(Rows{{1, {2, 0}}, {1.1, {2, -0.1}}})), base::UserError);
  EXPECT_THROW((TabulatedIndex(Rows{{1, {2, 0}}, {1, {2, 0}}})), base::UserError);
}

}  // namespace
}  // namespace symwave::domain
