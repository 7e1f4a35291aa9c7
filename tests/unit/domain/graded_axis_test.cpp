#include "domain/graded_axis.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/unit/domain/test_helpers.hpp"

namespace symwave::domain {
namespace {

double LargestRatio(const Axis& axis) {
  double largest = 1;
  for (int i = 1; i < axis.Cells(); ++i) {
    const double ratio = axis.Width(i) / axis.Width(i - 1);
    largest = std::max({largest, ratio, 1 / ratio});
  }
  return largest;
}

void ExpectNode(const Axis& axis, double position) {
  EXPECT_TRUE(std::any_of(axis.Faces().begin(), axis.Faces().end(),
                          [&](double f) { return std::abs(f - position) < 1e-12; }))
      << position << " um is not a node";
}

TEST(GradedAxis, WithoutRefinementsTheCellsAreEqual) {
  GradedAxisOptions options;
  options.pml_cells = {3, 5};
  const Axis axis = GradedAxis(options);
  ASSERT_EQ(axis.Cells(), 48);
  for (int i = 0; i < 48; ++i) EXPECT_NEAR(axis.Width(i), 0.05, 1e-12);
  EXPECT_NEAR(axis.Face(3), -1, 1e-12);
  EXPECT_NEAR(axis.Face(43), 1, 1e-12);
}

TEST(GradedAxis, RefinesWithinTheRatio) {
  GradedAxisOptions options;
  options.low = -2;
  options.high = 3;
  options.cell = 0.1;
  options.refinements = {{0, 0.22, 0.01}, {1, 1.5, 0.03}};
  options.nodes = {0, 0.22, 1.317};
  options.pml_cells = {8, 8};
  const Axis axis = GradedAxis(options);
  EXPECT_LE(LargestRatio(axis), 1.2 * (1 + 1e-9));
  for (double node : {-2.0, 0.0, 0.22, 1.317, 3.0}) ExpectNode(axis, node);
  for (int i = 0; i < axis.Cells(); ++i) {
    EXPECT_LE(axis.Width(i), 0.1 * (1 + 1e-9));
    // A cell that only touches a refinement may be larger by one step of the ratio.
    if (axis.Face(i) >= 0 && axis.Face(i + 1) <= 0.22 + 1e-12) {
      EXPECT_LE(axis.Width(i), 0.01 * (1 + 1e-9));
    }
    if (axis.Face(i) >= 1 && axis.Face(i + 1) <= 1.5) {
      EXPECT_LE(axis.Width(i), 0.03 * (1 + 1e-9));
    }
  }
  EXPECT_EQ(axis.Width(0), axis.Width(7));
  // Without grading 0.01 um everywhere takes 500 cells.
  EXPECT_LT(axis.Cells(), 130);
}

TEST(GradedAxis, MirroredOptionsGiveAMirroredAxisToTheLastBit) {
  GradedAxisOptions options;
  options.low = -1.7;
  options.high = 1.7;
  options.cell = 0.07;
  options.refinements = {{-0.31, 0.31, 0.013}, {0.9, 1.1, 0.02}, {-1.1, -0.9, 0.02}};
  options.nodes = {-0.25, 0.25, 0.77, -0.77};
  options.pml_cells = {6, 6};
  const Axis axis = GradedAxis(options);
  for (int i = 0; i <= axis.Cells(); ++i) EXPECT_EQ(axis.Face(i), -axis.Face(axis.Cells() - i));
  ExpectNode(axis, 0.25);
  ExpectNode(axis, -0.77);
  EXPECT_LE(LargestRatio(axis), 1.2 * (1 + 1e-9));
}

TEST(GradedAxis, ReachesAnyNodesThatACellApartCanHold) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> position(-2, 2);
  int most = 0;
  for (int trial = 0; trial < 100; ++trial) {
    GradedAxisOptions options;
    options.low = -2;
    options.high = 2;
    options.cell = 0.05;
    options.refinements = {{-0.2, 0.1, 0.02}};
    for (int k = 0; k < 5; ++k) options.nodes.push_back(position(random));
    const Axis axis = GradedAxis(options);
    for (double node : options.nodes) ExpectNode(axis, node);
    EXPECT_LE(LargestRatio(axis), 1.2 * (1 + 1e-9));
    most = std::max(most, axis.Cells());
  }
  RecordProperty("most_cells", most);
}

TEST(GradedAxis, ErrorsSayWhatIsWrong) {
  GradedAxisOptions options;
  options.nodes = {1.5};
  ExpectSentence([&] { GradedAxis(options); }, "1.5 um lies outside the axis, -1 to 1 um");
  options.nodes.clear();
  options.max_ratio = 1;
  ExpectSentence([&] { GradedAxis(options); }, "must exceed 1");
  options.max_ratio = 1.2;
  options.refinements = {{0, 0.5, -0.1}};
  ExpectSentence([&] { GradedAxis(options); }, "-0.1 um is not positive");
  options.refinements = {{0.5, 0.5, 0.1}};
  ExpectSentence([&] { GradedAxis(options); }, "must lie above its beginning");
  options.refinements.clear();
  options.high = -2;
  ExpectSentence([&] { GradedAxis(options); }, "upper end must lie above");
}

}  // namespace
}  // namespace symwave::domain
