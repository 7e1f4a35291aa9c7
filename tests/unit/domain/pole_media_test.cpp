#include "domain/pole_media.hpp"

#include <cmath>

#include "domain/materials.hpp"
#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

const double kPi = std::acos(-1.0);

double Omega(double wavelength) {
  return 2 * kPi / wavelength;
}

std::complex<double> IndexOf(const Medium& medium, double wavelength) {
  return std::sqrt(medium.Permittivity(Omega(wavelength)));
}

TEST(PoleMedia, SellmeierFitsAreExact) {
  for (const std::string name : {"SiO2", "Si3N4"}) {
    const DispersionFit& fit = BuiltInMaterials()[name == "SiO2" ? 1 : 2];
    ASSERT_EQ(fit.name, name);
    const auto [low, high] = fit.range_um;
    const Medium medium = BuiltInMedium(name, fit.range_um);
    for (double l : {low, 0.5893, 1.31, 1.55, 2.0, 3.0, high}) {
      // Rounding, magnified by the pole at 1240 um of nitride, which is taken times 4e4.
      EXPECT_NEAR(IndexOf(medium, l).real(), fit.index(l), 1e-12) << name << " at " << l;
      EXPECT_EQ(IndexOf(medium, l).imag(), 0);
    }
  }
}

TEST(PoleMedia, SiliconFollowsItsFitInTheBand) {
  const auto worst = [](double low, double high) {
    const Medium medium = BuiltInMedium("Si", {low, high});
    EXPECT_GE(medium.eps_inf, 1);
    double error = 0;
    for (int k = 0; k <= 200; ++k) {
      const double l = low + (high - low) * k / 200;
      error = std::max(error, std::abs(IndexOf(medium, l).real() - BuiltInIndex("Si", l).real()));
    }
    return error;
  };
  // Interpolation at two points: a (range of 1/l^2)^2 / (8 / pole^2) / (2 n), a little more at the
  // short end. The fit itself and other measurements differ by 3e-3.
  EXPECT_LT(worst(1.5, 1.6), 1e-5);
  EXPECT_LT(worst(1.26, 1.675), 3e-4);
  EXPECT_LT(worst(1.2, 14.0), 1e-3);
  EXPECT_LT(worst(1.55, 1.55), 1e-9);
}

TEST(PoleMedia, MetalsGiveThePublishedPermittivity) {
  // Evaluated by Meep 1.25, meep.materials, from the same tables of Rakic et al., in other units.
  struct Value {
    const char* name;
    double wavelength;
    std::complex<double> eps;
  };
  for (const Value& v :
       {Value{"Au", 0.4, {-1.06116342, 4.92068749}}, Value{"Au", 0.6328, {-9.80014019, 1.96487806}},
        Value{"Au", 1.55, {-93.0675967, 11.1102828}}, Value{"Au", 5.0, {-942.530483, 213.675411}},
        Value{"Ag", 0.4, {-3.31432336, 0.57701088}}, Value{"Ag", 0.6328, {-14.4823921, 1.09455476}},
        Value{"Ag", 1.55, {-103.332456, 8.13014805}},
        Value{"Ag", 5.0, {-1069.39866, 212.089823}}}) {
    const std::complex<double> eps =
        BuiltInMedium(v.name, {v.wavelength, v.wavelength}).Permittivity(Omega(v.wavelength));
    // Both codes round hc, at the ninth digit.
    EXPECT_LT(std::abs(eps - v.eps) / std::abs(v.eps), 1e-6) << v.name << " " << v.wavelength;
  }
  // Measured gold at 1.55 um: n = 0.559 + 9.81i (Palik); samples differ by several percent.
  const std::complex<double> palik(0.559, 9.81);
  EXPECT_LT(std::abs(IndexOf(BuiltInMedium("Au", {1.5, 1.6}), 1.55) - palik), 0.2);
}

TEST(PoleMedia, EveryFitStatesItsSourceAndIsPassive) {
  ASSERT_EQ(BuiltInMedia().size(), 5u);
  for (const PoleFit& fit : BuiltInMedia()) {
    EXPECT_FALSE(fit.source.empty());
    const Medium medium = BuiltInMedium(fit.name, fit.range_um);
    EXPECT_EQ(medium.name, fit.name);
    CheckMedium(medium);
    for (double omega : {0.1, 1.0, 4.0, 20.0, 100.0}) {
      EXPECT_GE(medium.Permittivity(omega).imag(), 0) << fit.name;
    }
  }
}

TEST(PoleMedia, ConstantIndexHasItsValueAtTheWavelength) {
  const Medium medium = MediumFromIndex("doped", {3.4, 0.02}, 1.55);
  EXPECT_NEAR(std::abs(IndexOf(medium, 1.55) - std::complex<double>(3.4, 0.02)), 0, 1e-14);
  EXPECT_TRUE(medium.poles.empty());
  EXPECT_EQ(MediumFromIndex("glass", 1.5, 1.0).conductivity, 0);
  // Negative eps: free charges, for which no constant stands in time.
  for (const std::complex<double> index : {std::complex<double>(0.5, 9.8), {0.2, 0.9}, {0, 2}}) {
    const Medium metal = MediumFromIndex("metal", index, 1.55);
    EXPECT_LT(std::abs(metal.Permittivity(Omega(1.55)) - index * index), 1e-12 * std::norm(index));
    ASSERT_EQ(metal.poles.size(), 1u);
    EXPECT_EQ(metal.eps_inf, 1);
    RequirePassive(metal);
  }
}

/// A pole whose real part is flat in the band stays where it makes the loss.
TEST(PoleMedia, PolesThatAbsorbStay) {
  Medium medium;
  medium.name = "doped";
  medium.eps_inf = 2;
  medium.poles = {{0.02, 12.0, 4.0}};
  const std::array<double, 2> band{3.9, 4.2};
  const Medium simple = SimplifyPoles(medium, band, 0.03);
  ASSERT_EQ(simple.poles.size(), 1u);
  EXPECT_EQ(simple.Permittivity(4.0), medium.Permittivity(4.0));
}

double LargestError(const Medium& a, const Medium& b, std::array<double, 2> band) {
  double worst = 0;
  for (int k = 0; k <= 500; ++k) {
    const double omega = band[0] + (band[1] - band[0]) * k / 500;
    worst = std::max(worst, std::abs(a.Permittivity(omega) - b.Permittivity(omega)));
  }
  return worst;
}

TEST(PoleMedia, FastPolesBecomeConstants) {
  Medium medium;
  medium.name = "glass";
  medium.poles = {{2.0 * 1e6, 1e3, 0}, {0.5 * 40 * 40, 40, 0}};
  const std::array<double, 2> band{3.9, 4.2};
  const Medium simple = SimplifyPoles(medium, band, 0.01);
  ASSERT_EQ(simple.poles.size(), 1u);
  EXPECT_NEAR(simple.eps_inf, 3, 1e-4);
  EXPECT_EQ(simple.poles[0].frequency, 40);
  EXPECT_LT(LargestError(medium, simple, band), 1e-4);
}

TEST(PoleMedia, PolesTooFastForTheStepAreSlowedDown) {
  const std::array<double, 2> band{Omega(1.7), Omega(1.2)};
  for (const std::string name : {"SiO2", "Si3N4"}) {
    const Medium medium = BuiltInMedium(name, {1.2, 1.7});
    const Medium simple = SimplifyPoles(medium, band, 0.03);
    for (const Pole& pole : simple.poles) EXPECT_LE(pole.frequency * 0.03, 1 + 1e-12);
    EXPECT_LT(LargestError(medium, simple, band), 4e-4) << name;  // 1e-4 of eps
    EXPECT_GE(simple.eps_inf, 1);
    CheckMedium(simple);
  }
  const Medium gold = BuiltInMedium("Au", {1.2, 1.7});
  const Medium simple = SimplifyPoles(gold, band, 0.03);
  EXPECT_LT(LargestError(gold, simple, band), 1e-4 * std::abs(gold.Permittivity(band[0])));
  CheckMedium(simple);
  for (const Pole& pole : simple.poles) EXPECT_LE(pole.frequency * 0.03, 1 + 1e-12);
}

TEST(PoleMedia, LosslessPolesBecomeOneWhereTheBandAllows) {
  const Medium glass = BuiltInMedium("SiO2", {1.5, 1.6});
  const std::array<double, 2> narrow{Omega(1.6), Omega(1.5)};
  const Medium one = SimplifyPoles(glass, narrow, 0.0274);
  ASSERT_EQ(one.poles.size(), 1u);
  EXPECT_LT(LargestError(glass, one, narrow), 1e-4 * 2.09);
  EXPECT_GE(one.eps_inf, 1.5);  // a slow pole, beside which the time step stays as it is
  CheckMedium(one);
  // The infrared pole and those in the ultraviolet curve the index in opposite directions, which
  // one pole cannot do over a wide band.
  const std::array<double, 2> wide{Omega(1.7), Omega(1.2)};
  const Medium two = SimplifyPoles(glass, wide, 0.0274);
  EXPECT_GE(two.poles.size(), 2u);
  EXPECT_LT(LargestError(glass, two, wide), 1e-4 * 2.1);
  // A lossy pole stays beside the lossless ones.
  Medium lossy = glass;
  lossy.poles.push_back({2.0, 4.0, 0.3});
  const Medium kept = SimplifyPoles(lossy, narrow, 0.0274);
  ASSERT_EQ(kept.poles.size(), 2u);
  EXPECT_EQ(kept.poles[0].damping, 0.3);
  EXPECT_LT(LargestError(lossy, kept, narrow), 1e-4 * 3);
}

TEST(PoleMedia, SlowPolesStayAsTheyAre) {
  Medium medium;
  medium.name = "resonant";
  medium.eps_inf = 2;
  medium.poles = {{0.3 * 16, 4.0, 0.1}, {5, 0, 0.05}};
  const Medium simple = SimplifyPoles(medium, {3.5, 4.5}, 0.02);
  EXPECT_EQ(simple.eps_inf, 2);
  ASSERT_EQ(simple.poles.size(), 2u);
  EXPECT_EQ(simple.poles[0].frequency, 4.0);
}

TEST(PoleMedia, ErrorsSayWhatIsWrong) {
  ExpectSentence([] { BuiltInMedium("Si3N", {1.5, 1.6}); }, "did you mean Si3N4?");
  ExpectSentence([] { BuiltInMedium("Cu", {1.5, 1.6}); }, "built in are Si, SiO2, Si3N4, Au, Ag");
  ExpectSentence([] { BuiltInMedium("Si", {1.1, 1.6}); }, "from 1.2 to 14 um, not from 1.1 to 1.6");
  ExpectSentence([] { BuiltInMedium("Si", {1.6, 1.5}); }, "no band");
  ExpectSentence([] { MediumFromIndex("laser", {3.0, -0.1}, 1.55); }, "amplifies");
  Medium negative;
  negative.name = "metal";
  negative.eps_inf = -10;
  ExpectSentence([&] { CheckMedium(negative); }, "medium metal has eps_inf = -10");
  ExpectSentence(
      [] {
        SimplifyPoles(BuiltInMedium("SiO2", {0.3, 2}), {3, 20}, 0.03);
      },
      "too fast for the time step");
}

TEST(PoleMedia, RequirePassiveAcceptsEveryBuiltInMedium) {
  for (const PoleFit& fit : BuiltInMedia()) {
    EXPECT_NO_THROW(RequirePassive(BuiltInMedium(fit.name, fit.range_um))) << fit.name;
  }
  EXPECT_NO_THROW(RequirePassive({"plasma", 1, 0, {{40, 0, 0.1}}}));
  EXPECT_NO_THROW(RequirePassive({"oil", 2, 0.3, {{40, 9, 1e-7}}}));
  ExpectSentence([] { RequirePassive({"laser", 2, 0, {{-1, 9, 0.1}}}); }, "amplif");
  ExpectSentence([] { RequirePassive({"laser", 2, -1, {}}); }, "conductivity");
}

}  // namespace
}  // namespace symwave::domain
