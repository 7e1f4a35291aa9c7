#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "tests/unit/training/bench_setup.hpp"
#include "training/bench/error_launch.hpp"
#include "training/bench/spot_metrics.hpp"
#include "training/bench/spot_objective.hpp"
#include "training/gradient_check.hpp"
#include "training/trainer.hpp"

namespace symwave::training::bench {
namespace {

constexpr int kFields = 4;

BenchErrors Scatterers(bool thick) {
  BenchErrors errors;
  if (thick) {
    errors.scatter.medium.thickness = 400;
    errors.scatter.medium.slices = 4;
    errors.scatter.medium.index_rms = 2e-3;
    errors.scatter.medium.correlation = 20;
  } else {
    errors.scatter.screen.rms = 2;
    errors.scatter.screen.correlation = 20;
  }
  return errors;
}

/// A bench with a scatterer, unknown offsets in its mask, fields of all kinds and a spot for each.
struct ScatterBench {
  ScatterBench(MPI_Comm world, int ranks_per_plane, MaskPlace mask, const BenchErrors& errors,
               TrainerKind kind = TrainerKind::ForwardMode)
      : ranks(world, ranks_per_plane),
        bench(ranks.Plane(), testing::SmallGeometry(mask), errors, {}),
        model(ranks.Plane(), testing::SmallGeometry(mask), {}, {}),
        layout(PixelRangeOf(bench)) {
    Planes<double> launched(layout.count, kFields);
    for (Eigen::Index s = 0; s < kFields; ++s) {
      for (Eigen::Index p = 0; p < layout.count; ++p) {
        const auto number = static_cast<std::uint64_t>(s * layout.All() + layout.first + p);
        const GaussianPair pair = Gaussians(3, number);
        launched(p, s) = {pair.a, pair.b};
      }
    }
    SpotObjectiveOptions options;
    options.kind = kind;
    options.crosstalk = 0.3;
    options.tile = 3;
    objective = std::make_unique<SpotObjective<double>>(ranks, options, launched,
                                                        SpotGrid(2, 2, 48, 48, 12), bench, model);
  }

  Eigen::VectorXd Commands() const { return testing::RandomCommands(layout, 1, 1.0); }

  BenchRanks ranks;
  BenchSystem<double> bench, model;
  PixelRange layout;
  std::unique_ptr<SpotObjective<double>> objective;
};

const std::vector<int> kBatch{0, 2, 3};

/// Largest error of the gradient at some pixels against central differences of fourth order,
/// relative to its rms. Steps of 1e-2 leave 1e-9 of the step and 1e-13 of rounding.
double GradientError(ScatterBench& setup) {
  const Eigen::VectorXd commands = setup.Commands();
  const Eigen::VectorXd gradient = setup.objective->Learn(commands, kBatch, 0).gradient;
  const double rms = gradient.norm() / std::sqrt(static_cast<double>(gradient.size()));
  const LossFunction loss = [&](const Eigen::VectorXd& at) {
    return setup.objective->Probe(at, kBatch, 0).loss;
  };
  double largest = 0;
  for (Eigen::Index e = 3; e < commands.size(); e += 37) {
    largest =
        std::max(largest, std::abs(CentralDifference(loss, commands, e, 1e-2) - gradient(e)) / rms);
  }
  return largest;
}

class SpotGradient : public ::testing::TestWithParam<std::tuple<MaskPlace, bool>> {};

TEST_P(SpotGradient, IsThatOfFiniteDifferences) {
  const auto [mask, thick] = GetParam();
  for (const TrainerKind kind : {TrainerKind::ForwardMode, TrainerKind::Reverse}) {
    ScatterBench setup(MPI_COMM_WORLD, 1, mask, Scatterers(thick), kind);
    EXPECT_LT(GradientError(setup), 1e-7);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SpotGradient,
                         ::testing::Combine(::testing::Values(MaskPlace::Input, MaskPlace::Centre),
                                            ::testing::Bool()));

// The error enters behind a mask whose offsets nobody knows.
TEST(SpotObjective, GradientKnowsOffsetsOfTheMask) {
  BenchErrors errors = Scatterers(false);
  errors.modulator.offset_range = 3;
  errors.modulator.zero_order = 0;
  ScatterBench setup(MPI_COMM_WORLD, 1, MaskPlace::Input, errors);
  EXPECT_LT(GradientError(setup), 1e-7);
}

// Off the centre of the path the screen breaks the symmetry: forward mode must be wrong, and the
// error from the output side right.
TEST(SpotObjective, ShiftedScreenBreaksForwardMode) {
  BenchErrors errors = Scatterers(false);
  errors.scatter.screen_shift = 200;
  ScatterBench forward(MPI_COMM_WORLD, 1, MaskPlace::Input, errors);
  EXPECT_GT(GradientError(forward), 0.1);
  ScatterBench reverse(MPI_COMM_WORLD, 1, MaskPlace::Input, errors, TrainerKind::Reverse);
  EXPECT_LT(GradientError(reverse), 1e-7);
}

TEST(SpotObjective, ModelTrainersMissTheScreen) {
  const BenchErrors errors = Scatterers(false);
  ScatterBench forward(MPI_COMM_WORLD, 1, MaskPlace::Input, errors);
  const Eigen::VectorXd commands = forward.Commands();
  const Eigen::VectorXd truth = forward.objective->Learn(commands, kBatch, 0).gradient;
  for (const TrainerKind kind : {TrainerKind::PhysicsAware, TrainerKind::InSilico}) {
    ScatterBench other(MPI_COMM_WORLD, 1, MaskPlace::Input, errors, kind);
    EXPECT_LT(GradientCosine(truth, other.objective->Learn(commands, kBatch, 0).gradient), 0.9);
  }
}

// Fields or planes shared by the ranks: the same losses, gradients and shares.
TEST(SpotObjective, DoesNotDependOnRanks) {
  BenchErrors errors = Scatterers(false);
  errors.detection.field_noise = 0.1;
  errors.detection.photons = 50;
  ScatterBench alone(MPI_COMM_SELF, 1, MaskPlace::Input, errors);
  const Measurement expected = alone.objective->Learn(alone.Commands(), {0, 1, 2, 3}, 7);
  const Measurement tested = alone.objective->Test(alone.Commands(), 7);
  for (int group = 1; group <= base::Communicator::SizeOf(MPI_COMM_WORLD); group *= 2) {
    ScatterBench setup(MPI_COMM_WORLD, group, MaskPlace::Input, errors);
    const Measurement found = setup.objective->Learn(setup.Commands(), {0, 1, 2, 3}, 7);
    EXPECT_NEAR(found.loss, expected.loss, 1e-12);
    EXPECT_EQ(found.passes, 2 * 4 + 1);
    EXPECT_LT(
        (found.gradient - expected.gradient.segment(setup.layout.first, setup.layout.count)).norm(),
        1e-12 * expected.gradient.norm());
    EXPECT_NEAR(setup.objective->Test(setup.Commands(), 7).loss, tested.loss, 1e-12);
    EXPECT_LT((setup.objective->Shares() - alone.objective->Shares()).abs().maxCoeff(), 1e-12);
  }
}

TEST(SpotObjective, CountsWhatALaboratoryWouldDo) {
  ScatterBench setup(MPI_COMM_WORLD, 1, MaskPlace::Centre, {});
  EXPECT_EQ(setup.objective->Learn(setup.Commands(), kBatch, 0).passes, 2 * 3);
  EXPECT_EQ(setup.objective->Probe(setup.Commands(), kBatch, 0).passes, 3);
}

// Two epochs of two steps, kFields fields in each epoch. A data pass measures the fields at mask
// and camera; so does an error pass, at the camera alone where the error enters before the mask,
// which one more launch then measures in each step; SPSA sees two frames per field.
TEST(SpotObjective, EffortFollowsFromTheState) {
  struct Case {
    MaskPlace mask;
    TrainerKind kind;
    BenchEffort effort;
  };
  const long fields = 2 * kFields, steps = 4;
  for (const auto& [mask, kind, expected] :
       {Case{MaskPlace::Centre, TrainerKind::ForwardMode, {2 * fields, 4 * fields, 0}},
        Case{MaskPlace::Input,
             TrainerKind::ForwardMode,
             {2 * fields + steps, 3 * fields + steps, 0}},
        Case{MaskPlace::Input, TrainerKind::Reverse, {2 * fields, 4 * fields, 0}},
        Case{MaskPlace::Input, TrainerKind::PhysicsAware, {fields, 2 * fields, 0}},
        Case{MaskPlace::Input, TrainerKind::InSilico, {0, 0, 0}},
        Case{MaskPlace::Input, TrainerKind::Spsa, {2 * fields, 0, 2 * fields}}}) {
    ScatterBench setup(MPI_COMM_WORLD, 1, mask, {}, kind);
    TrainerOptions options;
    options.kind = kind;
    options.training.epochs = 2;
    options.training.batch = kFields / 2;
    Trainer trainer(*setup.objective, options);
    TrainerState state = trainer.Start("test");
    trainer.Run(state, [](const TrainerState&) { return true; });
    const BenchEffort told = setup.objective->EffortOf(state);
    EXPECT_EQ(told.launches, expected.launches) << TrainerName(kind);
    EXPECT_EQ(told.fields, expected.fields) << TrainerName(kind);
    EXPECT_EQ(told.intensities, expected.intensities) << TrainerName(kind);
  }
}

// A plane wave through a strong screen: forward mode finds the focus, as narrow as the aperture
// allows. The lens in air is the yardstick.
TEST(SpotObjective, FocusesThroughAScreen) {
  BenchGeometry geometry;
  geometry.distance = 30000;
  BenchErrors errors;
  errors.scatter.screen.rms = 3;
  errors.scatter.screen.correlation = 60;
  const BenchRanks ranks(MPI_COMM_WORLD, 1);
  BenchSystem<float> bench(ranks.Plane(), geometry, errors, {});
  BenchSystem<float> air(ranks.Plane(), geometry, {}, {});
  const std::vector<Spot> spots{{60, -40, 16}};
  SpotObjective<float> objective(ranks, {}, Planes<float>::Ones(bench.Pixels(), 1), spots, bench,
                                 air);
  SpotObjective<float> lens(ranks, {}, Planes<float>::Ones(bench.Pixels(), 1), spots, air, air);
  TrainerOptions schedule;
  schedule.training.epochs = 30;
  schedule.optimizer.learning_rate = 0.3;
  Trainer trainer(objective, schedule);
  TrainerState state = trainer.Start("test");
  trainer.Run(state, [](const TrainerState&) { return true; });
  const auto judge = [&](SpotObjective<float>& of, const Eigen::VectorXd& commands) {
    of.Test(commands, 0);
    const PixelRange layout = PixelRangeOf(bench);
    // One field: the first group of ranks has the frame.
    Eigen::ArrayXd frame = Eigen::ArrayXd::Zero(layout.All());
    if (of.Tested().cols() > 0) frame = of.Tested().col(0).cast<double>();
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, frame.data(), static_cast<int>(frame.size()), MPI_DOUBLE,
                            MPI_SUM, MPI_COMM_WORLD));
    return JudgeSpot({layout.nx, layout.ny, geometry.pitch, frame}, spots[0]);
  };
  const SpotQuality found = judge(objective, state.commands);
  const SpotQuality ideal =
      judge(lens, LensPhase(PixelRangeOf(bench), geometry, spots[0].x, spots[0].y));
  const SpotQuality untrained =
      judge(objective, LensPhase(PixelRangeOf(bench), geometry, spots[0].x, spots[0].y));
  EXPECT_NEAR(ideal.fwhm_x, DiffractionLimit(geometry), 0.02 * DiffractionLimit(geometry));
  EXPECT_TRUE(found.brightest);
  EXPECT_LT(std::max(found.fwhm_x, found.fwhm_y), 1.1 * DiffractionLimit(geometry));
  EXPECT_GT(found.share, 5 * untrained.share);
}

double DefectOf(MaskPlace mask, const BenchErrors& errors) {
  ScatterBench setup(MPI_COMM_WORLD, base::Communicator::SizeOf(MPI_COMM_WORLD), mask, errors);
  setup.bench.Program(setup.Commands());
  return SymmetryDefect(setup.bench, false, 0);
}

TEST(SpotObjective, SymmetryDefectSeesWhatIsOddAndTheNoiseOnly) {
  for (const MaskPlace mask : {MaskPlace::Input, MaskPlace::Centre}) {
    BenchErrors errors = Scatterers(false);
    errors.modulator.offset_range = 3;
    EXPECT_LT(DefectOf(mask, errors), 1e-11);
    errors.detection.field_noise = 0.02;
    EXPECT_NEAR(DefectOf(mask, errors), 0.04, 0.03);
    errors.detection.field_noise = 0;
    errors.alignment.shift_x = 16;
    EXPECT_GT(DefectOf(mask, errors), 0.3);
  }
}

}  // namespace
}  // namespace symwave::training::bench
