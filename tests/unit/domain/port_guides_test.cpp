// Guides in the window of a port: which are there, and which one the port means.
#include "domain/port_guides.hpp"

#include <gtest/gtest.h>

namespace symwave::domain {
namespace {

/// A line of 0.1 um cells from -3 to 3 um with cores [low, high] of eps `core`.
PortWindow Line(double centre, const std::vector<std::array<double, 2>>& cores, double core = 8) {
  PortWindow window;
  window.positions[1] = {0};
  window.centre = {centre, 0};
  for (int i = 0; i < 60; ++i) {
    const double y = -2.95 + 0.1 * i;
    window.positions[0].push_back(y);
    double eps = 2;
    for (const auto& [low, high] : cores) eps = y > low && y < high ? core : eps;
    window.eps.push_back(eps);
  }
  return window;
}

TEST(PortGuides, OneGuideNeedsNoWord) {
  const PortGuides guides = FindGuides(Line(0, {{-0.2, 0.2}}));
  EXPECT_TRUE(guides.own);
  EXPECT_EQ(guides.Sentence(), "");
  EXPECT_EQ(guides.lo[0], 0);
  EXPECT_EQ(guides.hi[0], 60);
  EXPECT_TRUE(FindGuides(Line(0, {})).cores.empty());
}

TEST(PortGuides, KeepsTheGuideAtTheCentre) {
  const PortGuides guides = FindGuides(Line(1, {{0.8, 1.2}, {-1.2, -0.8}, {2.5, 9}}));
  ASSERT_EQ(guides.cores.size(), 3u);
  EXPECT_TRUE(guides.own);
  // Half way to the neighbours: about 0 and 1.85 um.
  EXPECT_NEAR(guides.window.positions[0][guides.lo[0]], 0, 0.11);
  EXPECT_NEAR(guides.window.positions[0][guides.hi[0] - 1], 1.85, 0.11);
  EXPECT_NE(guides.Sentence().find("3 guides"), std::string::npos);
  EXPECT_NE(guides.Sentence().find("y = 1 um"), std::string::npos);
}

TEST(PortGuides, APairIsCommon) {
  const PortGuides guides = FindGuides(Line(0, {{0.8, 1.2}, {-1.2, -0.8}}));
  EXPECT_FALSE(guides.own);
  EXPECT_EQ(guides.hi[0] - guides.lo[0], 60);
  EXPECT_NE(guides.Sentence().find("none stands at the port's centre"), std::string::npos);
  // The place in the middle belongs to both, all others to the nearer one.
  EXPECT_EQ(guides.CoresNextTo(0, 0).size(), 2u);
  EXPECT_EQ(guides.CoresNextTo(-2.4, 0), guides.CoresNextTo(-0.1, 0));
  EXPECT_EQ(guides.CoresNextTo(0.1, 0), guides.CoresNextTo(2.5, 0));
  ASSERT_EQ(guides.CoresNextTo(0.1, 0).size(), 1u);
  EXPECT_NE(guides.CoresNextTo(0.1, 0), guides.CoresNextTo(-0.1, 0));
}

TEST(PortGuides, SaysThatTheWindowCutsTheGuide) {
  PortWindow window = Line(-2.8, {{-4, -2.5}});
  EXPECT_NE(FindGuides(window).WhyNoMode().find("ends inside the guide, at y = -2.95 um"),
            std::string::npos);
  window.open[0][0] = false;
  EXPECT_EQ(FindGuides(window).WhyNoMode().find("ends inside"), std::string::npos);
}

// A strip above a substrate, and one beside it: in a plane.
TEST(PortGuides, AreFoundInAPlane) {
  PortWindow window;
  for (int i = 0; i < 40; ++i) window.positions[0].push_back(-1.95 + 0.1 * i);
  for (int i = 0; i < 30; ++i) window.positions[1].push_back(-1.45 + 0.1 * i);
  for (const double z : window.positions[1]) {
    for (const double y : window.positions[0]) {
      const bool strip = std::abs(z) < 0.11 && (std::abs(y) < 0.25 || std::abs(y - 1.5) < 0.25);
      window.eps.push_back(strip || z < -1.2 ? 12 : 2);
    }
  }
  const PortGuides guides = FindGuides(window);
  ASSERT_EQ(guides.cores.size(), 3u);
  EXPECT_TRUE(guides.own);
  EXPECT_EQ(guides.lo[0], 0);
  EXPECT_NEAR(window.positions[0][guides.hi[0] - 1], 0.75, 0.11);
  EXPECT_NEAR(window.positions[1][guides.lo[1]], -0.65, 0.11);
}

}  // namespace
}  // namespace symwave::domain
