// Trainers that see losses alone, schedules, early stop, and commands spread over ranks.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "domain/base/error.hpp"
#include "tests/unit/training/analytic_objective.hpp"
#include "training/checkpoint.hpp"
#include "training/finite_difference.hpp"
#include "training/schedule.hpp"
#include "training/spsa.hpp"
#include "training/trainer.hpp"

namespace symwave::training::testing {
namespace {

/// A fingerprint of a deck (io/fingerprint.hpp).
const std::string kDeck = R"([["training.seed","1"]])";

constexpr auto go_on = [](const TrainerState&) { return true; };

TrainerOptions Options(TrainerKind kind, int epochs, int batch = 0) {
  TrainerOptions options;
  options.kind = kind;
  options.training.epochs = epochs;
  options.training.batch = batch;
  options.training.swarm.particles = 8;
  return options;
}

std::string Name(TrainerKind kind) {
  return TrainerName(kind);
}

constexpr TrainerKind all_kinds[] = {TrainerKind::ForwardMode, TrainerKind::Spsa,
                                     TrainerKind::Swarm, TrainerKind::FiniteDifference};

TEST(Schedule, Values) {
  OptimizerOptions options;
  options.learning_rate = 0.8;
  options.schedule = Schedule::Constant;
  EXPECT_EQ(LearningRate(options, 77, {100, 10}), 0.8);
  options.schedule = Schedule::Step;
  options.step_epochs = 2;
  options.step_factor = 0.25;
  EXPECT_EQ(LearningRate(options, 19, {100, 10}), 0.8);
  EXPECT_DOUBLE_EQ(LearningRate(options, 20, {100, 10}), 0.2);
  EXPECT_DOUBLE_EQ(LearningRate(options, 59, {100, 10}), 0.05);
}

TEST(EarlyStop, CountsEpochsWithoutGain) {
  const auto stops = [](std::vector<double> losses, int patience, double gain) {
    std::vector<EpochRecord> history(losses.size());
    for (std::size_t k = 0; k < losses.size(); ++k) history[k].loss = losses[k];
    return StopsEarly(history, {patience, gain});
  };
  EXPECT_FALSE(stops({3, 3, 3, 3}, 0, 0));
  EXPECT_FALSE(stops({3, 2, 2.5}, 2, 0));
  EXPECT_TRUE(stops({3, 2, 2.5, 2}, 2, 0));
  EXPECT_FALSE(stops({3, 2, 2.5, 1.9}, 2, 0));
  EXPECT_TRUE(stops({3, 2, 2.5, 1.9}, 2, 0.2));
}

TEST(EarlyStop, EndsTheTrainingAndAResumedOneStaysEnded) {
  Quadratic objective(MPI_COMM_WORLD, 1, 6);
  TrainerOptions options = Options(TrainerKind::ForwardMode, 400);
  options.training.early_stop = {5, 1e-6};
  Trainer trainer(objective, options);
  TrainerState state = trainer.Start("a");
  trainer.Run(state, go_on);
  EXPECT_LT(state.epoch, 400);
  EXPECT_GT(state.epoch, 5);
  EXPECT_TRUE(trainer.Finished(state));
  const int end = state.epoch;
  trainer.Run(state, go_on);
  EXPECT_EQ(state.epoch, end);
}

// For a quadratic, (L+ - L-) / (2 a) = gradient . d without error, so one component has the
// standard deviation |gradient| at most; the mean of 4000 is within 5 standard errors.
TEST(Spsa, GradientIsUnbiased) {
  Quadratic objective(MPI_COMM_WORLD, 2, 7);
  const CommandShare share = ShareOf(objective);
  const Eigen::VectorXd c = Eigen::VectorXd::Constant(share.Size(), 0.7);
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(share.Size());
  constexpr int draws = 4000;
  for (int k = 0; k < draws; ++k) {
    mean += SpsaGradient(objective, share, c, {0}, 3, k, {0.1}).gradient / draws;
  }
  const Eigen::VectorXd exact = objective.Gradient(c);
  const double sigma = NormOver(MPI_COMM_WORLD, exact) / std::sqrt(draws);
  for (Eigen::Index k = 0; k < mean.size(); ++k) EXPECT_NEAR(mean(k), exact(k), 5 * sigma);
}

// Central differences of a quadratic have no truncation error.
TEST(FiniteDifference, GradientOfAQuadratic) {
  Quadratic objective(MPI_COMM_WORLD, 2, 5);
  const CommandShare share = ShareOf(objective);
  const Eigen::VectorXd c = Eigen::VectorXd::Constant(share.Size(), 0.7);
  const Measurement m = FiniteDifferenceGradient(objective, share, c, {0, 1}, 0, {});
  const Eigen::VectorXd error = m.gradient - objective.Gradient(c);
  EXPECT_LT(NormOver(MPI_COMM_WORLD, error), 1e-10);
  EXPECT_EQ(m.passes, 2 * 10 * 2);
  FiniteDifferenceOptions few;
  few.largest_commands = 9;
  EXPECT_THROW(FiniteDifferenceGradient(objective, share, c, {0}, 0, few), base::UserError);
}

TEST(Swarm, FindsTheMinimumOfRosenbrocksValley) {
  Rosenbrock objective;
  TrainerOptions options = Options(TrainerKind::Swarm, 300);
  options.training.swarm.particles = 30;
  Trainer trainer(objective, options);
  TrainerState state = trainer.Start("swarm");
  trainer.Run(state, go_on);
  EXPECT_NEAR(state.commands(0), 1, 1e-3);
  EXPECT_NEAR(state.commands(1), 1, 2e-3);
  EXPECT_EQ(state.passes, 300 * 30);
  for (std::size_t k = 1; k < state.history.size(); ++k) {
    EXPECT_LE(state.history[k].loss, state.history[k - 1].loss);
  }
}

TEST(Trainer, EveryKindLowersTheLoss) {
  Quadratic objective(MPI_COMM_WORLD, 2, 5);
  for (const TrainerKind kind : all_kinds) {
    Trainer trainer(objective, Options(kind, 40));
    TrainerState state = trainer.Start(Name(kind));
    trainer.Run(state, go_on);
    EXPECT_LT(state.history.back().loss, 0.5 * state.history.front().loss) << Name(kind);
  }
}

// The sums over ranks round differently; the losses agree to that.
TEST(Trainer, SpreadCommandsHaveTheHistoryOfOneRank) {
  Quadratic spread(MPI_COMM_WORLD, 2, 5);
  Quadratic alone(MPI_COMM_SELF, 2, 5);
  for (const TrainerKind kind : all_kinds) {
    Trainer a(spread, Options(kind, 12, 2));
    Trainer b(alone, Options(kind, 12, 2));
    TrainerState spread_state = a.Start("x");
    TrainerState alone_state = b.Start("x");
    a.Run(spread_state, go_on);
    b.Run(alone_state, go_on);
    ASSERT_EQ(spread_state.history.size(), alone_state.history.size());
    for (std::size_t k = 0; k < alone_state.history.size(); ++k) {
      const EpochRecord& one = alone_state.history[k];
      EXPECT_NEAR(spread_state.history[k].loss, one.loss, 1e-10) << Name(kind);
      EXPECT_NEAR(spread_state.history[k].gradient_norm, one.gradient_norm, 1e-10) << Name(kind);
      EXPECT_NEAR(spread_state.history[k].test_accuracy, one.test_accuracy, 1e-10) << Name(kind);
    }
    for (Eigen::Index c = 0; c < spread_state.commands.size(); ++c) {
      EXPECT_NEAR(spread_state.commands(c), alone_state.commands(spread.Number(c)), 1e-10);
    }
  }
}

/// Writes at epoch 5 of 9, reads, goes on; also read as a whole on every rank.
TEST(SpreadCheckpoint, ResumesBitByBitAndIsReadableOnAnotherNumberOfRanks) {
  int ranks = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  const std::string path = std::filesystem::temp_directory_path() /
                           ("symwave_spread_checkpoint_np" + std::to_string(ranks) + ".h5");
  Quadratic objective(MPI_COMM_WORLD, 2, 5);
  for (const TrainerKind kind : all_kinds) {
    Trainer trainer(objective, Options(kind, 9, 2));
    TrainerState whole = trainer.Start("x");
    Eigen::VectorXd at_five;
    trainer.Run(whole, [&](const TrainerState& state) {
      if (state.epoch != 5) return true;
      at_five = state.commands;
      Checkpoint checkpoint{kDeck, {}};
      checkpoint.Set(state);
      WriteCheckpoint(MPI_COMM_WORLD, path, checkpoint);
      return true;
    });
    const auto mine = [&](const std::string&, Eigen::Index) { return ShareOf(objective); };
    TrainerState resumed = *ReadCheckpoint(MPI_COMM_WORLD, path, kDeck, mine).Find("x");
    EXPECT_EQ(resumed.commands, at_five);
    trainer.Run(resumed, go_on);
    EXPECT_EQ(resumed.commands, whole.commands) << Name(kind);
    EXPECT_EQ(resumed.optimizer.second, whole.optimizer.second);
    EXPECT_EQ(resumed.history.back().loss, whole.history.back().loss);
    EXPECT_EQ(resumed.swarm.places, whole.swarm.places);

    const TrainerState all = *ReadCheckpoint(MPI_COMM_WORLD, path, kDeck).Find("x");
    ASSERT_EQ(all.commands.size(), 10);
    for (Eigen::Index c = 0; c < at_five.size(); ++c) {
      EXPECT_EQ(all.commands(objective.Number(c)), at_five(c));
    }
  }
  MPI_Barrier(MPI_COMM_WORLD);
  std::remove(path.c_str());
  std::remove((path + ".previous").c_str());
}

}  // namespace
}  // namespace symwave::training::testing
