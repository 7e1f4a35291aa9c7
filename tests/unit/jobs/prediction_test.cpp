// Predictions against what a few lines of arithmetic give.
#include "jobs/run/prediction.hpp"

#include <gtest/gtest.h>

#include "jobs/plan/sweep_plan.hpp"

namespace symwave::jobs::run {
namespace {

/// A second of one core for every operation, no time for messages.
Machine EvenMachine() {
  Machine machine;
  machine.cores = 4;
  machine.memory = 8e9;
  machine.seconds.fill(1);
  machine.inside = machine.network = {1e30, 1e-30};
  return machine;
}

TEST(Prediction, DealsTasksToRanks) {
  Work work;
  work.tasks = 5;
  work.Add("wavelengths", Operation::Unknown, 10, 5);
  const Machine machine = EvenMachine();
  EXPECT_DOUBLE_EQ(Predict(work, machine, {1, 1, 1}).seconds, 50);
  EXPECT_DOUBLE_EQ(Predict(work, machine, {1, 2, 1}).seconds, 30);  // 3 and 2
  EXPECT_DOUBLE_EQ(Predict(work, machine, {5, 1, 1}).seconds, 10);
  EXPECT_DOUBLE_EQ(Predict(work, machine, {5, 2, 1}).seconds, 5);  // two ranks each
  EXPECT_EQ(Predict(work, machine, {1, 2, 1}).groups, 2);
}

TEST(Prediction, KeepsWhatIsNotShared) {
  Work work;
  work.Add("serial", Operation::Analysis, 6, 1, 0);
  work.Add("shared", Operation::Unknown, 12);
  EXPECT_DOUBLE_EQ(Predict(work, EvenMachine(), {4, 1, 1}).seconds, 6 + 3);
}

TEST(Prediction, SharesATaskThatOneRankCannotHold) {
  Work work;
  work.tasks = 4;
  work.Add("wavelengths", Operation::Unknown, 10, 4);
  work.task_bytes = 7e9;  // a rank of two on a node has 4e9, and fills half of it
  work.memory.shared = 7e9;
  const Prediction made = Predict(work, EvenMachine(), {4, 2, 1});
  EXPECT_EQ(made.groups, 2);  // of four ranks
  EXPECT_DOUBLE_EQ(made.seconds, 2 * 10.0 / 4);
  EXPECT_DOUBLE_EQ(made.rank_bytes, 7e9 / 4);
  EXPECT_TRUE(made.Fits());
  EXPECT_FALSE(Predict(work, EvenMachine(), {1, 2, 1}).node_share < 0.5);
}

TEST(Prediction, HoldsALatticeOnAllRanksWhateverElseIsDealt) {
  Work work;
  work.Add("steps", Operation::Cell3d, 10);
  work.Add("port modes", Operation::ModePoint, 1, 16);
  work.memory.shared = 8e9;
  EXPECT_DOUBLE_EQ(Predict(work, EvenMachine(), {4, 4, 1}).rank_bytes, 8e9 / 16);
}

TEST(Prediction, ScalingEndsWhereHalfIsLost) {
  Work work;
  work.Add("serial", Operation::Analysis, 1, 1, 0);
  work.Add("shared", Operation::Unknown, 9);
  // Efficiency of n nodes of one rank: 10 / (n + 9).
  EXPECT_EQ(ScalingEnd(work, EvenMachine(), {1, 1, 1}), 11);
}

TEST(Prediction, CutsALatticeIntoBlocksOfTheSmallestHalo) {
  Work work;
  Part part;
  part.what = "steps";
  part.operation = Operation::Cell3d;
  part.amount = 64.0 * 32 * 32;
  part.steps = true;
  work.parts.push_back(part);
  work.lattice = SteppedLattice{{64, 32, 32}, 1, 24};
  const Prediction made = Predict(work, EvenMachine(), {2, 1, 1});
  EXPECT_EQ(made.blocks, (std::array<int, 3>{2, 1, 1}));
  EXPECT_TRUE(made.possible);
  EXPECT_FALSE(Predict(work, EvenMachine(), {4096, 1, 1}).possible);
}

TEST(SweepPlan, AGroupThatIsFreeTakesTheLongestMember) {
  EXPECT_DOUBLE_EQ(plan::TimeOfGroups({1, 2, 3, 4}, 1), 10);
  EXPECT_DOUBLE_EQ(plan::TimeOfGroups({1, 2, 3, 4}, 2), 5);
  EXPECT_DOUBLE_EQ(plan::TimeOfGroups({1, 5, 1, 1}, 2), 5);
}

TEST(SweepPlan, SumsMembersUp) {
  plan::SweepRow row;
  row.layout = {2, 4, 1};
  plan::Sum(row, {10, 30, 20}, {1e9, 2e9, 3e9}, {0.1, 0.2, 0.3});
  EXPECT_DOUBLE_EQ(row.seconds, 60);
  EXPECT_EQ(row.longest_member, 2);
  EXPECT_DOUBLE_EQ(row.longest, 30);
  EXPECT_DOUBLE_EQ(row.rank_bytes, 3e9);
  EXPECT_DOUBLE_EQ(row.node_share, 0.3);
  EXPECT_DOUBLE_EQ(row.CoreHours(), 60 * 8 / 3600.0);
}

TEST(Machine, CommonRatesAreOfEveryOperation) {
  for (const double seconds : CommonMachine().seconds) EXPECT_GT(seconds, 0);
}

}  // namespace
}  // namespace symwave::jobs::run
