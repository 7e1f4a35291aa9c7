#include "training/trainer.hpp"

#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "tests/unit/training/matrix_optics.hpp"
#include "training/chip_objective.hpp"

namespace symwave::training::testing {
namespace {

constexpr int kPorts = 6;

struct Loop {
  explicit Loop(std::vector<std::shared_ptr<OpticalSystem>> blocks, int batch = 0)
      : network(MPI_COMM_WORLD, std::move(blocks)),
        engine(network, {}, 4, 3),
        train(RandomSamples(40, 4, 3, 9)),
        test(RandomSamples(20, 4, 3, 10)) {
    training.epochs = 12;
    training.batch = batch;
  }
  Trainer Make(TrainerKind kind) {
    objective =
        std::make_unique<ChipObjective>(engine, train, test, MakeChipOptions(kind, training));
    return Trainer(*objective, {kind, training, optimizer});
  }
  Network network;
  NetworkEngine engine;
  SampleSet train, test;
  TrainingOptions training;
  OptimizerOptions optimizer;
  std::unique_ptr<ChipObjective> objective;  ///< of the last trainer
};

constexpr auto go_on = [](const TrainerState&) { return true; };

TEST(Trainer, LowersTheLossAndKeepsAHistory) {
  Loop loop({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  TrainerState state = trainer.Start("forward_mode");
  trainer.Run(state, go_on);
  ASSERT_EQ(state.history.size(), 12u);
  EXPECT_EQ(state.epoch, 12);
  // From 2.18 to 1.49.
  EXPECT_LT(state.history.back().loss, 0.75 * state.history.front().loss);
  EXPECT_EQ(state.history.back().epoch, 12);
  EXPECT_EQ(state.history.back().passes, 12 * 2 * 2 * 40);
  EXPECT_LT(state.history.back().symmetry_defect, 1e-13);
  EXPECT_GT(state.history.back().gradient_norm, 0);
}

// The seconds of an epoch are those of all epochs until then, also over a resume; they are measured
// and lie within the time of the whole loop.
TEST(Trainer, SecondsAccumulate) {
  Loop loop({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  TrainerState state = trainer.Start("forward_mode");
  constexpr double kBefore = 1000;  // of the part that is resumed
  state.seconds = kBefore;
  const double start = MPI_Wtime();
  trainer.Run(state, go_on);
  const double elapsed = MPI_Wtime() - start;
  double before = kBefore;
  for (const EpochRecord& record : state.history) {
    EXPECT_GT(record.seconds, before) << "epoch " << record.epoch;
    before = record.seconds;
  }
  EXPECT_EQ(before, state.seconds);
  // They are those of rank 0 on every rank.
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) {
    EXPECT_LE(state.seconds - kBefore, elapsed);
  }
  double of_first = state.seconds;
  MPI_Bcast(&of_first, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  EXPECT_EQ(of_first, state.seconds);
}

// On a symmetric device the two passes are one and the same training up to rounding.
TEST(Trainer, ForwardModeFollowsReverse) {
  Loop loop({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  Trainer forward = loop.Make(TrainerKind::ForwardMode);
  TrainerState a = forward.Start("a");
  forward.Run(a, go_on);
  Trainer reverse = loop.Make(TrainerKind::Reverse);
  TrainerState b = reverse.Start("b");
  reverse.Run(b, go_on);
  EXPECT_LT((a.commands - b.commands).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(Trainer, MiniBatchesSeeEverySampleOnce) {
  Loop loop({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1)}, 12);
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  EXPECT_EQ(trainer.StepsPerEpoch(), 4);
  TrainerState state = trainer.Start("forward_mode");
  trainer.Run(state, go_on);
  EXPECT_EQ(state.optimizer.steps, 12 * 4);
  EXPECT_EQ(state.passes, 12 * 2 * 40);
}

TEST(Trainer, StopsWhenToldAndGoesOnToTheSameEnd) {
  Loop loop({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)},
            15);
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  TrainerState whole = trainer.Start("forward_mode");
  trainer.Run(whole, go_on);
  TrainerState parts = trainer.Start("forward_mode");
  trainer.Run(parts, [](const TrainerState& state) { return state.epoch < 5; });
  EXPECT_EQ(parts.epoch, 5);
  // And once more within an epoch.
  trainer.Run(parts, [](const TrainerState& state) { return state.epoch < 7 || state.batch < 2; });
  EXPECT_EQ(parts.epoch, 7);
  EXPECT_EQ(parts.batch, 2);
  EXPECT_EQ(parts.history.size(), 7u);
  trainer.Run(parts, go_on);
  EXPECT_EQ(parts.commands, whole.commands);
  EXPECT_EQ(parts.history.back().loss, whole.history.back().loss);
}

TEST(Trainer, TiesTheMasksOfASymmetricCascade) {
  Loop loop({MirrorableCascade(MPI_COMM_WORLD, kPorts, 1)});
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  TrainerState state = trainer.Start("forward_mode");
  trainer.Run(state, go_on);
  EXPECT_EQ(state.commands.head(kPorts), state.commands.tail(kPorts));
  EXPECT_LT(state.history.back().loss, state.history.front().loss);
  EXPECT_LT(state.history.back().symmetry_defect, 1e-13);
}

TEST(Trainer, MirroredPassTrainsAnUntiedCascade) {
  Loop loop({MirrorableCascade(MPI_COMM_WORLD, kPorts, 1)});
  loop.training.error_pass = ErrorPass::Mirrored;
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  TrainerState state = trainer.Start("forward_mode");
  trainer.Run(state, go_on);
  EXPECT_NE(state.commands.head(kPorts), state.commands.tail(kPorts));
  EXPECT_LT(state.history.back().loss, state.history.front().loss);
}

TEST(Trainer, AttenuatorsStayPassive) {
  Loop loop({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1, true)});
  Trainer trainer = loop.Make(TrainerKind::ForwardMode);
  TrainerState state = trainer.Start("forward_mode");
  trainer.Run(state, [](const TrainerState& s) {
    EXPECT_GE(s.commands.tail(kPorts).minCoeff(), 0);
    return true;
  });
  EXPECT_LT(state.history.back().loss, state.history.front().loss);
}

TEST(Trainer, RefusesAnAsymmetricBlockUnlessTold) {
  Loop loop({AsymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  Trainer refusing = loop.Make(TrainerKind::ForwardMode);
  TrainerState state = refusing.Start("forward_mode");
  EXPECT_THROW(refusing.Run(state, go_on), base::UserError);
  loop.training.ignore_asymmetry = true;
  Trainer going_on = loop.Make(TrainerKind::ForwardMode);
  state = going_on.Start("forward_mode");
  EXPECT_NO_THROW(going_on.Run(state, go_on));
}

}  // namespace
}  // namespace symwave::training::testing
