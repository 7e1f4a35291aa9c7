#include "training/bench/bench_objective.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/unit/training/bench_setup.hpp"
#include "training/gradient_check.hpp"
#include "training/spsa.hpp"
#include "training/trainer.hpp"

namespace symwave::training::bench {
namespace {

/// A part of MNIST on a bench of 48 x 48 pixels with two masks.
struct Digits {
  Digits() {
    ImageDataOptions files;
    const std::string folder = "inputs/data/mnist/";
    files.images = folder + "train-images-idx3-ubyte.gz";
    files.labels = folder + "train-labels-idx1-ubyte.gz";
    files.test_images = folder + "t10k-images-idx3-ubyte.gz";
    files.test_labels = folder + "t10k-labels-idx1-ubyte.gz";
    files.train_samples = 400;
    files.test_samples = 200;
    images = ReadImages(MPI_COMM_WORLD, files);
    geometry.pixels_x = geometry.pixels_y = 48;
    geometry.distance = 6000;
    options.network.layers = 2;
    options.loss.gain = 15;
  }

  ImageSets images;
  BenchGeometry geometry;
  BenchObjectiveOptions options;
};

TrainerOptions Schedule(TrainerKind kind, int epochs) {
  TrainerOptions options;
  options.kind = kind;
  options.training.epochs = epochs;
  options.training.batch = 25;
  options.optimizer.learning_rate = 0.1;
  return options;
}

template <class Real>
TrainerState Train(const Digits& digits, int ranks_per_plane, const TrainerOptions& schedule,
                   MPI_Comm world = MPI_COMM_WORLD) {
  const BenchRanks ranks(world, ranks_per_plane);
  BenchSystem<Real> bench(ranks.Plane(), digits.geometry, {}, {});
  BenchObjectiveOptions options = digits.options;
  options.kind = schedule.kind;
  BenchObjective<Real> objective(ranks, options, digits.images, bench, bench);
  Trainer trainer(objective, schedule);
  TrainerState state = trainer.Start("test");
  trainer.Run(state, [](const TrainerState&) { return true; });
  return state;
}

// Two masks of 48 x 48 pixels read 400 digits in 4 epochs and 200 new ones to 75 % and more.
TEST(BenchObjective, LearnsDigits) {
  const Digits digits;
  const TrainerState state = Train<float>(digits, 1, Schedule(TrainerKind::ForwardMode, 4));
  EXPECT_GT(state.history.back().test_accuracy, 0.75);
  EXPECT_LT(state.history.back().loss, 0.5 * state.history.front().loss);
  EXPECT_LT(state.history.back().symmetry_defect, 1e-4);
  EXPECT_EQ(state.passes, 4 * (2 * 2 * 400 + 2 * 16));
}

// 1, 2 and 4 ranks, samples or planes shared: the same history to rounding.
TEST(BenchObjective, HistoryDoesNotDependOnRanks) {
  Digits digits;
  digits.images.train.labels.resize(60);
  digits.images.test.labels.resize(60);
  const TrainerOptions schedule = Schedule(TrainerKind::ForwardMode, 2);
  const TrainerState expected = Train<double>(digits, 1, schedule, MPI_COMM_SELF);
  const int ranks = base::Communicator::SizeOf(MPI_COMM_WORLD);
  for (int group = 1; group <= ranks; group *= 2) {
    const TrainerState found = Train<double>(digits, group, schedule);
    ASSERT_EQ(found.history.size(), expected.history.size());
    for (std::size_t e = 0; e < found.history.size(); ++e) {
      EXPECT_NEAR(found.history[e].loss, expected.history[e].loss, 1e-10);
      EXPECT_EQ(found.history[e].test_accuracy, expected.history[e].test_accuracy);
      EXPECT_NEAR(found.history[e].gradient_norm, expected.history[e].gradient_norm,
                  1e-10 * expected.history[e].gradient_norm);
    }
  }
}

// Losses alone: the estimate of SPSA, averaged over directions, points along the gradient. With D
// directions of n commands the expected cosine is sqrt(D / (D + n)), here 0.89.
TEST(BenchObjective, SpsaFollowsTheGradient) {
  const ImageSets images{testing::RandomImages(4, 2), testing::RandomImages(2, 2)};
  BenchGeometry geometry = testing::SmallGeometry(MaskPlace::Centre, true);
  geometry.pixels_x = 32;
  const BenchRanks ranks(MPI_COMM_WORLD, 1);
  BenchSystem<double> bench(ranks.Plane(), geometry, {}, {});
  BenchObjectiveOptions options;
  options.network.layers = 2;
  BenchObjective<double> objective(ranks, options, images, bench, bench);
  const CommandShare share = ShareOf(objective);
  const Eigen::VectorXd commands = Eigen::VectorXd::LinSpaced(objective.Commands(), -1, 1);
  const std::vector<int> batch{0, 1, 2, 3};
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(objective.Commands());
  for (long step = 0; step < 256; ++step) {
    mean += SpsaGradient(objective, share, commands, batch, 1, step, {1e-3}).gradient;
  }
  EXPECT_GT(GradientCosine(mean, objective.Learn(commands, batch, 0).gradient), 0.8);
}

// What the state of a training tells about its effort is what was counted on the way.
TEST(BenchObjective, EffortFollowsFromTheState) {
  const ImageSets images{testing::RandomImages(5, 2), testing::RandomImages(3, 2)};
  const BenchRanks ranks(MPI_COMM_WORLD, 1);
  for (const MaskPlace mask : {MaskPlace::Input, MaskPlace::Centre}) {
    const BenchGeometry geometry = testing::SmallGeometry(mask, true);
    BenchSystem<double> bench(ranks.Plane(), geometry, {}, {}),
        model(ranks.Plane(), geometry, {}, {});
    for (const TrainerKind kind : {TrainerKind::ForwardMode, TrainerKind::PhysicsAware,
                                   TrainerKind::Reverse, TrainerKind::Spsa}) {
      BenchObjectiveOptions options;
      options.kind = kind;
      options.network.layers = 3;
      BenchObjective<double> objective(ranks, options, images, bench, model);
      TrainerOptions schedule = Schedule(kind, 2);
      schedule.training.batch = 2;
      Trainer trainer(objective, schedule);
      TrainerState state = trainer.Start("test");
      trainer.Run(state, [](const TrainerState&) { return true; });
      const BenchEffort told = objective.EffortOf(state), counted = objective.Spent();
      EXPECT_GT(told.launches, 0);
      EXPECT_EQ(told.launches, counted.launches);
      EXPECT_EQ(told.fields, counted.fields);
      EXPECT_EQ(told.intensities, counted.intensities);
    }
  }
}

TEST(BenchObjective, CountsLaunchesAndPhotons) {
  const ImageSets images{testing::RandomImages(5, 2), testing::RandomImages(3, 2)};
  const BenchGeometry geometry = testing::SmallGeometry(MaskPlace::Centre, true);
  const BenchRanks ranks(MPI_COMM_WORLD, 1);
  BenchSystem<double> bench(ranks.Plane(), geometry, {}, {}),
      model(ranks.Plane(), geometry, {}, {});
  BenchObjectiveOptions options;
  options.network.layers = 3;
  const auto spent = [&](TrainerKind kind, bool learn) {
    options.kind = kind;
    BenchObjective<double> objective(ranks, options, images, bench, model);
    const Eigen::VectorXd commands = Eigen::VectorXd::Zero(objective.Commands());
    const Measurement one = learn ? objective.Learn(commands, {0, 3, 4, 1}, 0)
                                  : objective.Probe(commands, {0, 3, 4, 1}, 0);
    EXPECT_EQ(one.passes, (learn ? 2 : 1) * 3 * 4);
    objective.Test(commands, 1);
    return objective.Spent();
  };
  const BenchEffort forward = spent(TrainerKind::ForwardMode, true);
  EXPECT_EQ(forward.launches, 2 * 3 * 4);  // data and error of 3 layers and 4 samples
  EXPECT_EQ(forward.fields, 4 * 3 * 4);    // each at the mask and behind the bench
  EXPECT_EQ(forward.Photons(geometry, {0, 10}), 4 * 4 * 3 * 4 * 48 * 10);
  EXPECT_EQ(forward.ReferencePhotons(geometry, {0, 10, 500}), 4 * 4 * 3 * 4 * 48 * 500);
  EXPECT_EQ(spent(TrainerKind::PhysicsAware, true).launches, 3 * 4);
  EXPECT_EQ(spent(TrainerKind::InSilico, true).launches, 0);
  const BenchEffort probe = spent(TrainerKind::Spsa, false);
  EXPECT_EQ(probe.launches, 3 * 4);
  EXPECT_EQ(probe.fields, 2 * 4);  // the last plane is seen without interference
  EXPECT_EQ(probe.intensities, 4);
}

}  // namespace
}  // namespace symwave::training::bench
