// Symmetry is judged in every epoch, not at the start alone.
#include "jobs/checks/symmetry_warning.hpp"

#include <gtest/gtest.h>

#include "domain/base/log.hpp"

namespace symwave::jobs {
namespace {

std::vector<training::EpochRecord> History(const std::vector<double>& defects) {
  std::vector<training::EpochRecord> history;
  for (const double defect : defects) {
    history.emplace_back();
    history.back().epoch = static_cast<int>(history.size());
    history.back().symmetry_defect = defect;
  }
  return history;
}

std::vector<std::string> WarningsOf(const training::TrainingOptions& training,
                                    const std::vector<double>& defects) {
  base::ClearWarnings();
  checks::WarnOfAsymmetry(training, "forward_mode", History(defects));
  return base::Warnings();
}

TEST(WarnOfAsymmetry, NamesTheWorstEpochInTheMiddleOfATraining) {
  const training::TrainingOptions training;  // threshold 0.1
  const auto warnings = WarningsOf(training, {0.02, 0.12, 0.2, 0.15, 0.05});
  ASSERT_EQ(warnings.size(), 1U);
  for (const char* part :
       {"forward_mode", "= 0.1 in 3 of 5 epochs", "in epoch 3: 0.2", "reverse"}) {
    EXPECT_NE(warnings[0].find(part), std::string::npos) << part << " in " << warnings[0];
  }
}

TEST(WarnOfAsymmetry, IsSilentBelowTheThresholdAndWhereTheDeckIgnoresIt) {
  training::TrainingOptions training;
  EXPECT_TRUE(WarningsOf(training, {0.02, 0.1, 0.05}).empty());
  EXPECT_TRUE(WarningsOf(training, {}).empty());
  training.ignore_asymmetry = true;
  EXPECT_TRUE(WarningsOf(training, {0.5}).empty());
}

TEST(LeastSymmetric, IsTheEpochOfTheLargestDefect) {
  const auto history = History({0.01, 0.3, 0.2});
  EXPECT_EQ(checks::LeastSymmetric(history)->epoch, 2);
}

training::TrainingOptions CascadeOf(training::ErrorPass pass) {
  training::TrainingOptions training;
  training.error_pass = pass;
  return training;
}

/// Masks of `rows` segments 3 um long at each of the places.
std::vector<domain::Element> Masks(const std::vector<double>& places, int rows) {
  std::vector<domain::Segment> segments;
  for (const double x : places) {
    for (int row = 0; row < rows; ++row) {
      segments.emplace_back();
      segments.back().centre = {x, 1.5 * row};
    }
  }
  return domain::ElementsOf(segments, false);
}

TEST(CascadeWarnings, CountsTheCommandsThatSymmetryLeavesFree) {
  const training::TrainingOptions tied = CascadeOf(training::ErrorPass::Symmetric);
  const auto two = checks::CascadeWarnings(tied, Masks({-6, 6}, 6));
  ASSERT_EQ(two.size(), 1U);
  EXPECT_NE(two[0].find("of the 12 commands of a block only 6"), std::string::npos) << two[0];
  EXPECT_NE(two[0].find("error_pass: mirrored"), std::string::npos);
  const auto three = checks::CascadeWarnings(tied, Masks({-9, 0, 9}, 4));
  ASSERT_EQ(three.size(), 1U);
  EXPECT_NE(three[0].find("of the 12 commands of a block only 8"), std::string::npos) << three[0];
  EXPECT_TRUE(checks::CascadeWarnings(tied, Masks({0}, 8)).empty());
  const training::TrainingOptions mirrored = CascadeOf(training::ErrorPass::Mirrored);
  EXPECT_TRUE(checks::CascadeWarnings(mirrored, Masks({-6, 6}, 6)).empty());
}

}  // namespace
}  // namespace symwave::jobs
