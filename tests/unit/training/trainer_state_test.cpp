// The state of a training in a checkpoint: bit for bit, within an epoch, on other numbers of ranks.
#include "training/trainer_state.hpp"

#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "io/checkpoint_store.hpp"
#include "tests/unit/io/test_files.hpp"
#include "tests/unit/training/analytic_objective.hpp"
#include "tests/unit/training/matrix_optics.hpp"
#include "training/chip_objective.hpp"
#include "training/trainer.hpp"

namespace symwave::training::testing {
namespace {

using base::Communicator;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

constexpr auto go_on = [](const TrainerState&) { return true; };

/// Stops in the fourth epoch, behind its second of three mini-batches.
bool BeforeTheMiddle(const TrainerState& state) {
  return state.epoch < 3 || state.batch < 2;
}

void Save(MPI_Comm comm, const std::string& folder, TrainerState& state) {
  io::CheckpointStore(comm, folder).Save({"train", "", "", "step", 0, 0, {}}, [&](auto& archive) {
    state.SaveOrRestore(archive, "trainings/0");
  });
}

TrainerState Restored(MPI_Comm comm, const std::string& folder, const CommandShare& share) {
  TrainerState state;
  state.share = share;
  EXPECT_TRUE(io::CheckpointStore(comm, folder).Restore({}, nullptr, [&](auto& archive) {
    state.SaveOrRestore(archive, "trainings/0");
  }));
  return state;
}

/// Of a number that the ranks may have summed in another order.
void ExpectSame(double found, double wanted, double tolerance) {
  if (tolerance == 0) {
    EXPECT_EQ(found, wanted);
  } else {
    EXPECT_NEAR(found, wanted, tolerance);
  }
}

void ExpectSameHistory(const TrainerState& found, const TrainerState& wanted, double tolerance) {
  EXPECT_EQ(found.epoch, wanted.epoch);
  EXPECT_EQ(found.batch, wanted.batch);
  EXPECT_EQ(found.passes, wanted.passes);
  EXPECT_EQ(found.optimizer.steps, wanted.optimizer.steps);
  ASSERT_EQ(found.history.size(), wanted.history.size());
  const auto compare = [&](const EpochRecord& a, const EpochRecord& b) {
    EXPECT_EQ(a.epoch, b.epoch);
    EXPECT_EQ(a.passes, b.passes);
    ExpectSame(a.loss, b.loss, tolerance);
    ExpectSame(a.train_accuracy, b.train_accuracy, tolerance);
    ExpectSame(a.test_accuracy, b.test_accuracy, tolerance);
    ExpectSame(a.gradient_norm, b.gradient_norm, tolerance);
    ExpectSame(a.symmetry_defect, b.symmetry_defect, tolerance);
  };
  for (std::size_t k = 0; k < wanted.history.size(); ++k) {
    compare(found.history[k], wanted.history[k]);
  }
  compare(found.at_work, wanted.at_work);
}

/// The state at the stop, of all commands, and at the end: of a run without a stop.
struct Course {
  TrainerState middle, end;
};

TrainerOptions Options(TrainerKind kind) {
  TrainerOptions options;
  options.kind = kind;
  options.training.epochs = 6;
  options.training.batch = 2;
  options.training.swarm.particles = 5;
  return options;
}

Course CourseOn(Quadratic& objective, TrainerKind kind) {
  Trainer trainer(objective, Options(kind));
  Course course;
  course.middle = trainer.Start("x");
  trainer.Run(course.middle, BeforeTheMiddle);
  course.end = course.middle;
  trainer.Run(course.end, go_on);
  return course;
}

/// Commands of this rank against those of `alone`, which has all.
void ExpectCommands(const Quadratic& objective, const TrainerState& found,
                    const TrainerState& alone, double tolerance) {
  ASSERT_EQ(found.commands.size(), objective.Commands());
  for (Eigen::Index c = 0; c < found.commands.size(); ++c) {
    const Eigen::Index number = objective.Number(c);
    ExpectSame(found.commands(c), alone.commands(number), tolerance);
    ExpectSame(found.optimizer.first(c), alone.optimizer.first(number), tolerance);
    ExpectSame(found.optimizer.second(c), alone.optimizer.second(number), tolerance);
    for (Eigen::Index p = 0; p < alone.swarm.places.cols(); ++p) {
      ExpectSame(found.swarm.places(c, p), alone.swarm.places(number, p), tolerance);
      ExpectSame(found.swarm.velocities(c, p), alone.swarm.velocities(number, p), tolerance);
      ExpectSame(found.swarm.best_places(c, p), alone.swarm.best_places(number, p), tolerance);
    }
  }
}

/// Written on `writers` ranks, read on `readers` ranks: what is read is what was written, and the
/// training ends where it would have without the stop.
void CheckRanks(const std::string& folder, int writers, int readers, TrainerKind kind) {
  const int rank = Communicator::RankIn(MPI_COMM_WORLD);
  const auto group = [&](int size) {
    return Communicator::Split(MPI_COMM_WORLD, rank < size ? 0 : 1);
  };
  const Communicator of_writers = group(writers), of_readers = group(readers);
  Course course;
  if (rank < writers) {
    Quadratic objective(of_writers.Get(), 2, 7, 5);
    course = CourseOn(objective, kind);
    Save(of_writers.Get(), folder, course.middle);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank >= readers) return;
  const TrainerState written = Restored(MPI_COMM_SELF, folder, {});
  ASSERT_EQ(written.commands.size(), 14);
  Quadratic objective(of_readers.Get(), 2, 7, 5);
  TrainerState state = Restored(of_readers.Get(), folder, ShareOf(objective));
  EXPECT_EQ(state.epoch, 3);
  EXPECT_EQ(state.batch, 2);
  ExpectCommands(objective, state, written, 0);
  ExpectSameHistory(state, written, 0);
  Trainer trainer(objective, Options(kind));
  trainer.Run(state, go_on);
  Quadratic alone(MPI_COMM_SELF, 2, 7, 5);
  const Course wanted = CourseOn(alone, kind);
  ExpectCommands(objective, state, wanted.end, 1e-10);
  ExpectSameHistory(state, wanted.end, 1e-10);
  if (writers != readers) return;
  EXPECT_EQ(state.commands, course.end.commands);
  EXPECT_EQ(state.swarm.places, course.end.swarm.places);
  ExpectSameHistory(state, course.end, 0);
}

TEST(TrainerState, GoesOnOnAnyNumberOfRanks) {
  const TestFolder folder;
  const int ranks = Communicator::SizeOf(MPI_COMM_WORLD);
  std::vector<std::pair<int, int>> cases{{ranks, ranks}};
  if (ranks == 2) cases.insert(cases.end(), {{1, 2}, {2, 1}});
  if (ranks == 4) cases.emplace_back(4, 3);
  int number = 0;
  for (const auto& [writers, readers] : cases) {
    for (const TrainerKind kind : {TrainerKind::ForwardMode, TrainerKind::Spsa, TrainerKind::Swarm,
                                   TrainerKind::FiniteDifference}) {
      SCOPED_TRACE(fmt::format("{} to {} ranks, {}", writers, readers, TrainerName(kind)));
      CheckRanks(folder / std::to_string(number++), writers, readers, kind);
      MPI_Barrier(MPI_COMM_WORLD);
    }
  }
}

// With noise in every measurement and commands that every rank holds.
TEST(TrainerState, AChipGoesOnWithinAnEpoch) {
  const TestFolder folder;
  Network network(MPI_COMM_WORLD,
                  {SymmetricBlock(MPI_COMM_WORLD, 6, 1), SymmetricBlock(MPI_COMM_WORLD, 6, 2)});
  ElectronicsOptions electronics;
  electronics.drive.detection_noise = 0.01;
  NetworkEngine engine(network, electronics, 4, 3);
  const SampleSet train = RandomSamples(40, 4, 3, 9);
  const SampleSet test = RandomSamples(20, 4, 3, 10);
  TrainingOptions training;
  training.epochs = 9;
  training.batch = 16;
  ChipObjective objective(engine, train, test, MakeChipOptions(TrainerKind::ForwardMode, training));
  Trainer trainer(objective, {TrainerKind::ForwardMode, training, {}});
  TrainerState whole = trainer.Start("forward_mode");
  trainer.Run(whole, BeforeTheMiddle);
  EXPECT_EQ(whole.history.size(), 3u);
  EXPECT_GT(whole.at_work.loss, 0);
  Save(MPI_COMM_WORLD, folder / "", whole);
  const double seconds = whole.seconds;
  trainer.Run(whole, go_on);
  TrainerState resumed = Restored(MPI_COMM_WORLD, folder / "", {});
  EXPECT_EQ(resumed.seconds, seconds);
  EXPECT_EQ(resumed.name, "forward_mode");
  trainer.Run(resumed, go_on);
  EXPECT_EQ(resumed.commands, whole.commands);
  EXPECT_EQ(resumed.optimizer.first, whole.optimizer.first);
  EXPECT_EQ(resumed.optimizer.second, whole.optimizer.second);
  ExpectSameHistory(resumed, whole, 0);
}

TEST(TrainerState, RefusesAnotherNumberOfCommands) {
  const TestFolder folder;
  Quadratic objective(MPI_COMM_WORLD, 2, 5), larger(MPI_COMM_WORLD, 2, 6);
  TrainerState state = Trainer(objective, Options(TrainerKind::ForwardMode)).Start("x");
  Save(MPI_COMM_WORLD, folder / "", state);
  const std::string sentence =
      Sentence([&] { Restored(MPI_COMM_WORLD, folder / "", ShareOf(larger)); });
  EXPECT_TRUE(Says(sentence, "2 x 5 commands of x, and this run has 2 x 6")) << sentence;
}

}  // namespace
}  // namespace symwave::training::testing
