// Each contradiction of an S-matrix and each fault of a guide finds its own sentence, and a sound
// one finds none.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>

#include "solvers/yee/port_guide.hpp"
#include "solvers/yee/scattering_judgement.hpp"

namespace symwave {
namespace {

using solvers::yee::JudgeGuides;
using solvers::yee::JudgeScattering;
using solvers::yee::LimitsOf;
using solvers::yee::PortGuide;
using solvers::yee::ScatteringEvidence;

/// A lossless, matched guide with two ports: S = [0 1; 1 0].
ScatteringEvidence Matched() {
  ScatteringEvidence evidence;
  evidence.wavelengths = {1.55};
  evidence.modes = {{"in", "deck.yaml:7", 0}, {"out", "deck.yaml:8", 1}};
  Eigen::MatrixXcd s(2, 2);
  s << 0, 1, 1, 0;
  evidence.s = {s};
  evidence.incoming = {Eigen::MatrixXcd::Identity(2, 2)};
  evidence.n_eff = {{2.5, 2.5}};
  evidence.power = {{{0, 0, 0}, {0, 0, 0}}};
  return evidence;
}

/// The one sentence that is found, which must hold `words`.
void ExpectOne(const ScatteringEvidence& evidence, const std::string& words) {
  const std::vector<std::string> found = JudgeScattering(evidence);
  ASSERT_EQ(found.size(), 1u) << words;
  EXPECT_NE(found[0].find(words), std::string::npos) << found[0];
}

TEST(JudgeScattering, FindsNothingInAMatchedGuide) {
  EXPECT_TRUE(JudgeScattering(Matched()).empty());
  ScatteringEvidence evidence = Matched();
  evidence.s[0] *= 1.0004;  // 8e-4 of the power
  EXPECT_TRUE(JudgeScattering(evidence).empty());
}

TEST(JudgeScattering, NamesMorePowerThanWasLaunched) {
  ScatteringEvidence evidence = Matched();
  evidence.s[0](0, 0) = evidence.s[0](1, 1) = 0.4;
  ExpectOne(evidence, "1.1600 times the power launched at 'in'");
  evidence.passive = false;
  EXPECT_TRUE(JudgeScattering(evidence).empty());
}

TEST(JudgeScattering, NamesNegativeRadiationAndAWrongBalance) {
  ScatteringEvidence evidence = Matched();
  evidence.power[0][1].radiated = -0.1;
  ExpectOne(evidence, "negative radiation: 0.1 of the power launched at 'out' flows into");
  evidence = Matched();
  evidence.power[0][0].balance_error = 0.05;
  ExpectOne(evidence, "energy balance is off by 0.05 for light launched at 'in'");
  // A run that left a hundredth of the amplitude inside is no better than that, in power twice as
  // much; one that left more has a cause of its own.
  evidence.left = 0.03;
  ExpectOne(evidence, "do not add up to 1: 0.03 of the amplitude was still inside");
  evidence.power[0][0].balance_error = 0.02;
  evidence.left = 0.01;
  EXPECT_TRUE(JudgeScattering(evidence).empty());
}

// In an absorbing guide light to and fro crosses a plane with more or less than the power of both.
TEST(JudgeScattering, AllowsForReflectionsInAbsorbingGuides) {
  ScatteringEvidence evidence = Matched();
  evidence.n_eff = {{{1.5, 0.05}, {1.5, 0.05}}};
  evidence.power[0][0].balance_error = 0.02;
  ExpectOne(evidence, "energy balance is off by 0.02");
  evidence.s[0] << 0.3, 0.9, 0.9, 0.3;
  EXPECT_TRUE(JudgeScattering(evidence).empty());
  evidence.power[0][0].balance_error = 0.04;
  ExpectOne(evidence, "energy balance is off by 0.04");
}

TEST(JudgeScattering, LightThatIsLeftWidensTheLimitsNoFurtherThanItsCeiling) {
  ScatteringEvidence evidence = Matched();
  evidence.left = 0.9;
  EXPECT_DOUBLE_EQ(LimitsOf(evidence).balance, 1e-3 + 2e-2);
  EXPECT_DOUBLE_EQ(LimitsOf(evidence).reciprocity, 1e-2);
  evidence.incoming[0](1, 0) = 0.4;
  ExpectOne(evidence, "(at 1.55 um): 0.9 of the amplitude was still inside");
  evidence.s[0](1, 0) = 0.9;
  EXPECT_EQ(JudgeScattering(evidence).size(), 2u);
}

// What was said of a port before the run is the cause, neither a neighbour nor its PML.
TEST(JudgeScattering, GivesAPortThatWasNamedNoSecondCause) {
  const std::string cause = "the cause to mend first is what was said of port 'in' before the run";
  for (const int side : {0, 1}) {
    ScatteringEvidence evidence = Matched();
    evidence.modes[0].named = true;
    evidence.modes[1].side = side;
    evidence.suspect = "the cells are the likely cause";
    EXPECT_TRUE(JudgeScattering(evidence).empty());
    evidence.incoming[0](1, 0) = 0.4;
    ExpectOne(evidence, "(at 1.55 um): " + cause);
    evidence.incoming[0](1, 0) = 0;
    evidence.s[0](1, 0) = 0.99;
    ExpectOne(evidence, cause);
    evidence.s[0](1, 0) = 1;
    evidence.power[0][0].balance_error = 0.05;
    ExpectOne(evidence, "do not add up to 1: " + cause);
  }
}

TEST(JudgeScattering, NamesThePairThatIsNotReciprocal) {
  ScatteringEvidence evidence = Matched();
  evidence.s[0](1, 0) = 0.99;
  ExpectOne(evidence, "most between 'in' and 'out'");
  ExpectOne(evidence, "make its span larger");
  // Light from behind a port is measured, and named where it is of the defect's size.
  evidence.incoming[0](1, 0) = 0.009;
  ExpectOne(evidence, "9.0e-03 of the amplitude launched at 'in' comes back");
}

// The launch has its own sentence, and the ports are not blamed for what it makes of S.
TEST(JudgeScattering, NamesProfilesThatTheirLaunchDoesNotFollow) {
  ScatteringEvidence evidence = Matched();
  evidence.modes[1].launch_error = 2e-3;
  evidence.s[0](1, 0) = 0.998;
  ExpectOne(evidence, "deck.yaml:8: the profile of mode 'out' changes more over the band");
  evidence.s[0](1, 0) = 0.98;
  EXPECT_EQ(JudgeScattering(evidence).size(), 2u);
}

TEST(JudgeScattering, NamesLightThatArrivesAtAnUndrivenPort) {
  ScatteringEvidence evidence = Matched();
  evidence.incoming[0](1, 0) = 0.4;
  ExpectOne(evidence, "port 'out' is not driven, yet 0.16 of the power launched at 'in'");
  // It explains a balance that is off by as much.
  evidence.power[0][0].balance_error = 0.16;
  ExpectOne(evidence, "let its guide run unchanged");
  evidence.n_eff[0][1] = 0.1;
  ExpectOne(evidence, "close to cut-off");
  evidence.modes[1].side = 0;
  ExpectOne(evidence, "takes in light of its neighbour");
  evidence = Matched();
  evidence.incoming[0](0, 0) = 0.7;
  ExpectOne(evidence, "launches 0.7 instead of 1");
}

TEST(JudgeScattering, NamesFirstWhatTheRunBeganWith) {
  ScatteringEvidence evidence = Matched();
  evidence.suspect = "the cells are the likely cause";
  EXPECT_TRUE(JudgeScattering(evidence).empty());
  evidence.s[0](0, 0) = evidence.s[0](1, 1) = 0.4;
  ExpectOne(evidence, "no passive device does: the cells are the likely cause");
  evidence = Matched();
  evidence.suspect = "the cells are the likely cause";
  evidence.incoming[0](1, 0) = 0.4;
  ExpectOne(evidence, "as if the device had reflected it; the cells are the likely cause");
  // A neighbour in the window is no matter of the cells.
  evidence.modes[1].side = 0;
  ExpectOne(evidence, "takes in light of its neighbour");
}

/// A port at x = -2 of planes 0.1 um apart, PML beyond +-3, in a guide of index 2.8 in 1.4 that is
/// 0.4 um wide and whose middle is at `middle(x)`; none of it where that is NaN.
template <class Middle>
PortGuide GuideAlong(Middle&& middle) {
  PortGuide guide;
  guide.port = guide.mode = "in";
  guide.n_eff = 2.4;
  guide.wavelength = 1.55;
  guide.inside = {-3, 3};
  guide.ends = {-4, 4};
  for (int i = 0; i <= 80; ++i) guide.position.push_back(-4 + 0.1 * i);
  guide.plane = 20;
  double sum = 0;
  for (double y = -1; y < 1.001; y += 0.02) {
    guide.across.push_back({y, 0});
    guide.area.push_back(0.02);
    guide.weight.push_back(std::exp(-std::pow(y / 0.25, 2)));
    sum += guide.weight.back();
  }
  for (double& weight : guide.weight) weight /= sum;
  guide.eps = [middle, across = guide.across, position = guide.position](int plane) {
    std::vector<double> eps;
    const double centre = middle(position[plane]);
    for (const auto& y : across) {
      // A cell of 0.02 um that the wall cuts is filled in part.
      const double depth = (0.2 - std::abs(y[0] - centre)) / 0.02 + 0.5;
      const double share = std::isnan(centre) ? 0 : std::min(1.0, std::max(0.0, depth));
      eps.push_back(1.96 + share * (7.84 - 1.96));
    }
    return eps;
  };
  return guide;
}

void ExpectOne(const PortGuide& guide, const std::string& words) {
  const std::vector<std::string> found = JudgeGuides(MPI_COMM_SELF, {guide});
  ASSERT_EQ(found.size(), 1u) << words;
  EXPECT_NE(found[0].find(words), std::string::npos) << found[0];
}

TEST(JudgeGuides, FindsNothingAlongAStraightGuide) {
  EXPECT_TRUE(JudgeGuides(MPI_COMM_SELF, {GuideAlong([](double) { return 0.1; })}).empty());
}

TEST(JudgeGuides, SaysWhereTheGuideEnds) {
  ExpectOne(GuideAlong([](double x) { return x > -3.02 ? 0 : NAN; }),
            "ends at about x = -3.05 um, before the PML, which reaches from -3 to -4 um");
  ExpectOne(GuideAlong([](double x) { return x > -3.52 ? 0 : NAN; }), "in the PML");
}

TEST(JudgeGuides, MeasuresTheTilt) {
  const double slope = std::tan(5 * M_PI / 180);
  ExpectOne(GuideAlong([slope](double x) { return slope * (x + 2); }),
            "is tilted by about 5.0 degrees against x, but");
  for (const double angle : {-12.0, 30.0}) {
    const double steep = std::tan(angle * M_PI / 180);
    PortGuide guide = GuideAlong([steep](double x) { return steep * (x + 2); });
    ExpectOne(guide, fmt::format("turn the layout by {:+.1f} degrees (from x", -angle));
    guide.axis = 1;
    ExpectOne(guide, fmt::format("turn the layout by {:+.1f} degrees (from x", angle));
    guide.axis = 2;
    ExpectOne(guide, "draw it along the axis");
  }
  ExpectOne(GuideAlong([](double x) { return x < -2.3 ? 0.2 * std::pow(x + 2.3, 2) : 0; }),
            "is tilted or bends");
}

TEST(JudgeGuides, FindsMediaThatChange) {
  PortGuide guide = GuideAlong([](double) { return 0; });
  guide.eps = [eps = guide.eps](int plane) {
    std::vector<double> values = eps(plane);
    if (plane < 12) values[values.size() / 2 + 12] += 4;  // beside the guide
    return values;
  };
  ExpectOne(guide, "media change along x behind it, from x = -2.9 um on");
}

TEST(JudgeGuides, KnowsThePortThatLooksAway) {
  PortGuide guide = GuideAlong([](double) { return 0; });
  guide.forward = false;
  ExpectOne(guide, "faces the wrong way: its light runs 1 um");
  // Another port before it: the device may lie there.
  PortGuide other = guide;
  other.port = other.mode = "out";
  other.forward = true;
  other.plane = 15;
  EXPECT_TRUE(JudgeGuides(MPI_COMM_SELF, {guide, other}).empty());
}

TEST(JudgeGuides, JudgesWindowAndCutOff) {
  PortGuide guide = GuideAlong([](double) { return 0; });
  guide.outside = 0.02;
  guide.wider = 0.3;
  ExpectOne(guide, "about 0.02 of its power lies outside at 1.55 um; make the port's span 0.6 um");
  guide.outside = 0;
  guide.n_eff = 0.1;
  guide.returned = solvers::yee::ReturnedByPml(1e-6, 1, guide.n_eff);
  EXPECT_NEAR(guide.returned, std::pow(1e-6, 0.2), 1e-12);
  ExpectOne(guide, "close to cut-off");
}

}  // namespace
}  // namespace symwave
