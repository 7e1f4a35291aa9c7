// The mean of objectives: full batches, mini-batches of unequal sets, and its trail in histories.
#include "training/mean_objective.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "domain/base/communicator.hpp"
#include "io/checkpoint_store.hpp"
#include "tests/unit/io/test_files.hpp"
#include "tests/unit/training/analytic_objective.hpp"
#include "training/trainer.hpp"

namespace symwave::training::testing {
namespace {

using testing_files::TestFolder;

/// With losses of samples 0, 1 ... alone.
Measurement LearnAll(Objective& objective, const std::vector<int>& batch) {
  return objective.Learn(Eigen::VectorXd::Constant(objective.Commands(), 0.2), batch, 0);
}

TEST(MeanObjective, OfOneIsThatOne) {
  Quadratic one(MPI_COMM_WORLD, 1, 9);
  MeanObjective mean({&one});
  const Measurement a = LearnAll(one, {0, 1, 2, 3}), b = LearnAll(mean, {0, 1, 2, 3});
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.gradient, b.gradient);
  EXPECT_EQ(a.passes, b.passes);
}

// The batches of an epoch, together, weigh every sample of a set alike, however small the set.
TEST(MeanObjective, MiniBatchesAddUpToTheMeanOfEverySet) {
  Quadratic large(MPI_COMM_WORLD, 1, 9, 6), small(MPI_COMM_WORLD, 1, 9, 2);
  MeanObjective mean({&large, &small});
  EXPECT_EQ(mean.Samples(), 6);
  const Measurement all = LearnAll(mean, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(all.passes, 2 * (6 + 2));
  EXPECT_EQ(all.parts[0].loss, LearnAll(large, {0, 1, 2, 3, 4, 5}).loss);
  EXPECT_EQ(all.parts[1].loss, LearnAll(small, {0, 1}).loss);
  Measurement sum;
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(mean.Commands());
  for (const std::vector<int>& batch : {std::vector<int>{4, 0}, {5, 2}, {1, 3}}) {
    const Measurement part = LearnAll(mean, batch);
    sum.AddShare(part, 3);
    gradient += part.gradient / 3;
  }
  EXPECT_NEAR(sum.loss, all.loss, 1e-14);
  EXPECT_NEAR(sum.parts[1].loss, all.parts[1].loss, 1e-14);
  EXPECT_LT((gradient - all.gradient).norm(), 1e-14);
}

TEST(MeanObjective, LeavesItsPartsInHistoriesAndCheckpoints) {
  Quadratic large(MPI_COMM_WORLD, 1, 9, 6), small(MPI_COMM_WORLD, 1, 9, 2);
  MeanObjective mean({&large, &small});
  for (const TrainerKind kind : {TrainerKind::ForwardMode, TrainerKind::Spsa}) {
    TrainerOptions options;
    options.kind = kind;
    options.training.epochs = 5;
    options.training.batch = 2;
    Trainer trainer(mean, options);
    TrainerState whole = trainer.Start("whole"), state = trainer.Start("stopped");
    trainer.Run(whole, [](const TrainerState&) { return true; });
    trainer.Run(state, [](const TrainerState& now) { return now.epoch < 2 || now.batch < 2; });
    const TestFolder folder;
    io::CheckpointStore store(MPI_COMM_WORLD, folder / "run");
    store.Save({"train", "", "", "step", 0, 0, {}},
               [&](auto& archive) { state.SaveOrRestore(archive, "trainings/0"); });
    TrainerState resumed;
    resumed.share = ShareOf(mean);
    ASSERT_TRUE(store.Restore(
        {}, nullptr, [&](auto& archive) { resumed.SaveOrRestore(archive, "trainings/0"); }));
    trainer.Run(resumed, [](const TrainerState&) { return true; });
    ASSERT_EQ(resumed.history.size(), 5u);
    for (size_t e = 0; e < 5; ++e) {
      const EpochRecord &found = resumed.history[e], &wanted = whole.history[e];
      ASSERT_EQ(found.parts.size(), 2u);
      for (size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(found.parts[k].loss, wanted.parts[k].loss);
        EXPECT_EQ(found.parts[k].test_accuracy, wanted.parts[k].test_accuracy);
      }
      EXPECT_NEAR(found.loss, 0.5 * (found.parts[0].loss + found.parts[1].loss), 1e-13);
    }
  }
}

// A swarm sees the mean alone.
TEST(MeanObjective, OfASwarmKnowsTheTestsOfItsParts) {
  Quadratic one(MPI_COMM_WORLD, 1, 3), other(MPI_COMM_WORLD, 1, 3);
  MeanObjective mean({&one, &other});
  TrainerOptions options;
  options.kind = TrainerKind::Swarm;
  options.training.epochs = 2;
  options.training.swarm.particles = 3;
  Trainer trainer(mean, options);
  TrainerState state = trainer.Start("swarm");
  trainer.Run(state, [](const TrainerState&) { return true; });
  ASSERT_EQ(state.history.back().parts.size(), 2u);
  EXPECT_TRUE(std::isnan(state.history.back().parts[1].loss));
  EXPECT_GT(state.history.back().parts[1].test_accuracy, 0);
}

}  // namespace
}  // namespace symwave::training::testing
