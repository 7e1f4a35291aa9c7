// Frames of a run: due to the step, without a trace in its results, and dropped where a sink fails.
#include "jobs/run/frames.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "io/frame_cut.hpp"
#include "io/insitu/plane_picture.hpp"
#include "jobs/cli/make_job.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/run/frame_takers.hpp"
#include "jobs/run/frame_work.hpp"
#include "jobs/run/run_context.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::jobs::run {
namespace {

using testing_files::TestFolder;

struct Seen {
  std::map<std::string, std::vector<long>> numbers;  ///< by mesh
  /// Sums over all ranks of every array of the last frame of a mesh, and of their squares.
  std::map<std::string, std::map<std::string, double>> energy;
  std::vector<std::string> lines;
};

class Recorder : public io::FrameSink {
 public:
  explicit Recorder(Seen& seen, long fails_at = -1) : seen_(seen), fails_at_(fails_at) {}

  void Show(MPI_Comm comm, const io::FieldFrame& frame) override {
    if (frame.number == fails_at_) base::Fail("a sink that fails");
    seen_.numbers[frame.mesh].push_back(frame.number);
    long points = frame.part.Points();
    MPI_Allreduce(MPI_IN_PLACE, &points, 1, MPI_LONG, MPI_SUM, comm);
    size_t all = 1;
    for (const auto& along : frame.coordinates) all *= along.size();
    EXPECT_EQ(points, static_cast<long>(all)) << "the parts fill the lattice";
    for (const io::FieldArray& array : frame.arrays) {
      double sum = 0;
      for (const float value : array.values) sum += static_cast<double>(value) * value;
      MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
      seen_.energy[frame.mesh][array.name] = sum;
    }
  }

 private:
  Seen& seen_;
  long fails_at_;
};

const std::vector<std::string> kPulse{"solver.method=time_domain", "grid.cell=0.1um",
                                      "solver.stop.decay=1e-3", "output.fields=off"};

/// The summary of inputs/waveguide.yaml in time domain, with a taker or without.
nlohmann::ordered_json RunWaveguide(const std::vector<std::string>& fields,
                                    const deck::Cadence& every, Seen& seen, long fails_at = -1) {
  const TestFolder folder;
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/waveguide.yaml", kPulse);
  RunContext context(MPI_COMM_WORLD, deck, {}, folder / "", "");
  if (!fields.empty()) {
    FrameTaker taker;
    taker.title = "in situ";
    taker.key = "insitu.fields";
    taker.into = "insitu";
    taker.every = every;
    taker.asked.names = fields;
    taker.sinks.push_back({"the recorder", std::make_unique<Recorder>(seen, fails_at)});
    context.AddTaker(std::move(taker));
  }
  EXPECT_EQ(context.Frames().Wanted(), !fields.empty());
  cli::MakeJob(MPI_COMM_WORLD, deck.options)->Run(context);
  seen.lines = context.Frames().Lines(1e6);
  return context.Summary();
}

TEST(Frames, AreDueToTheStepAndLeaveTheResultsAsTheyAre) {
  Seen seen;
  const auto with = RunWaveguide({"Ez", "Hy", "Ez_abs", "permittivity"}, {37, "steps", 0}, seen);
  const auto without = RunWaveguide({}, {}, seen);
  EXPECT_EQ(with["power"], without["power"]);
  EXPECT_EQ(with["steps"], without["steps"]);
  EXPECT_GT(with["frames"], 3);
  EXPECT_FALSE(without.contains("frames"));
  ASSERT_EQ(seen.numbers.size(), 2U);  // a mesh per input
  for (const auto& [mesh, numbers] : seen.numbers) {
    for (size_t k = 0; k < numbers.size(); ++k)
      EXPECT_EQ(numbers[k], 37 * static_cast<long>(k + 1));
  }
  EXPECT_GT(seen.energy["field_in"]["Ez_abs"], 0);
  EXPECT_GT(seen.energy["field_in"]["permittivity"], 0);
}

TEST(Frames, SayHowManyAndWhere) {
  Seen seen;
  RunWaveguide({"Ez"}, {200, "steps", 0}, seen);
  const std::size_t frames = seen.numbers["field_in"].size() + seen.numbers["field_out"].size();
  ASSERT_EQ(seen.lines.size(), 1U);
  const std::string begin =
      fmt::format("in situ: {} frames of field_in and 1 more in insitu, ", frames);
  EXPECT_EQ(seen.lines[0].substr(0, begin.size()), begin);
  EXPECT_NE(seen.lines[0].find(" % of the run"), std::string::npos);
  RunWaveguide({"Ez"}, {1000000, "steps", 0}, seen);
  EXPECT_EQ(seen.lines[0], "in situ: no frame, as the run ended before the first was due");
}

TEST(Frames, OfARunWithoutThemHaveNoObserver) {
  const TestFolder folder;
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/waveguide.yaml", kPulse);
  RunContext context(MPI_COMM_WORLD, deck, {}, folder / "", "");
  AddTakers(context, deck.options);
  EXPECT_EQ(context.Observers(), 0U);
}

TEST(Frames, AreMadeOnceForAllWhoTakeThem) {
  base::Timers timers;
  Frames frames(MPI_COMM_WORLD, timers);
  std::vector<Seen> seen(2);
  const std::vector<std::vector<std::string>> names{{"a", "b"}, {"c", "a"}};
  for (size_t k = 0; k < 2; ++k) {
    FrameTaker taker;
    taker.title = "taker";
    taker.every = {static_cast<long>(k + 1), "steps", 0};
    taker.asked.names = names[k];
    taker.sinks.push_back({"the recorder", std::make_unique<Recorder>(seen[k])});
    frames.Add(std::move(taker));
  }
  std::vector<std::vector<std::string>> made;
  const Frames::Scope offer(frames, {[&](long number, const FieldRequest& asked) {
                              made.push_back(asked.names);
                              io::FieldFrame frame;
                              frame.mesh = "field";
                              frame.number = number;
                              for (auto& along : frame.coordinates) along = {0};
                              const bool first = base::Communicator::RankIn(MPI_COMM_WORLD) == 0;
                              if (first) frame.part.count = {1, 1, 1};
                              for (const std::string& name : asked.names) {
                                frame.arrays.push_back(io::MakeFieldArray(
                                    name, "1", std::vector<double>(first ? 1 : 0, 2.0), false));
                              }
                              return std::vector<io::FieldFrame>{frame};
                            }});
  for (const long step : {1, 2, 3}) frames.StepDone(step);
  EXPECT_EQ(made, (std::vector<std::vector<std::string>>{{"a", "b"}, {"a", "b", "c"}, {"a", "b"}}));
  EXPECT_EQ(seen[0].numbers["field"], (std::vector<long>{1, 2, 3}));
  EXPECT_EQ(seen[1].numbers["field"], std::vector<long>{2});
  EXPECT_EQ(seen[1].energy["field"], (std::map<std::string, double>{{"a", 4}, {"c", 4}}));
}

/// Seconds of the parts of a run with these fields, on a machine that takes a second for each
/// operation.
std::map<Operation, double> Amounts(const std::vector<std::string>& overrides, double& bytes) {
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/waveguide.yaml", overrides);
  Work work;
  work.frames = OfferedFrames{2000, 2, 1, {160, 100, 1}, {8, 5, 0}, {}};
  AddFrames(work, deck.options);
  std::map<Operation, double> amounts;
  for (const Part& part : work.parts) amounts[part.operation] += part.amount * part.tasks;
  bytes = work.file_bytes;
  return amounts;
}

TEST(Frames, AreCountedBeforeTheRun) {
  std::vector<std::string> overrides = kPulse;
  double bytes = 0;
  EXPECT_TRUE(Amounts(overrides, bytes).empty());
  overrides.emplace_back(
      "insitu={png: {width: 300}, every: 300 steps, fields: [Ez, permittivity]}");
  const auto pictures = Amounts(overrides, bytes);
  // Three in each of two runs of 1000 steps; permittivity is an outline.
  EXPECT_DOUBLE_EQ(pictures.at(Operation::FramePoint), 6 * 2 * 160.0 * 100);
  const io::insitu::PictureLayout layout(300, 160, 100);
  EXPECT_DOUBLE_EQ(pictures.at(Operation::PicturePixel), 6.0 * 300 * layout.picture_height);
  overrides.back() =
      "output.fields={what: [Ez], where: {centre: [0, 0], size: [4, 2.5]}, "
      "stride: 2}";
  const auto files = Amounts(overrides, bytes);
  EXPECT_DOUBLE_EQ(files.at(Operation::FieldFile), 2);
  EXPECT_DOUBLE_EQ(bytes, 2 * 4 * 2 * 40.0 * 25);  // a plane twice
}

TEST(FrameCut, OutsideOfThePointsIsRefused) {
  io::FieldFrame frame;
  frame.coordinates = {std::vector<double>{0, 1, 2}, {0}, {0}};
  frame.part = {{0, 0, 0}, {3, 1, 1}};
  io::FrameCut cut;
  cut.low[0] = 4, cut.high[0] = 5;
  EXPECT_THROW(io::Cut(frame, cut), base::UserError);
}

TEST(Frames, GoOnWithoutASinkThatFails) {
  Seen seen;
  RunWaveguide({"Ez"}, {50, "steps", 0}, seen, 150);
  EXPECT_EQ(seen.numbers["field_in"], (std::vector<long>{50, 100}));
  EXPECT_EQ(seen.numbers.count("field_out"), 0U);
}

TEST(Frames, ComeAfterSeconds) {
  Seen seen;
  RunWaveguide({"Ez"}, {0, "", 1e-9}, seen);
  // At every check of the run.
  ASSERT_GE(seen.numbers["field_in"].size(), 2U);
  EXPECT_EQ(seen.numbers["field_in"][1] % 64, 0);
}

TEST(FrameCut, KeepsBothEndsOfAnAxisOfFewPoints) {
  io::FieldFrame frame;
  frame.coordinates = {std::vector<double>{0, 1, 2, 3, 4}, {0, 1}, {0}};
  frame.part = {{0, 0, 0}, {5, 2, 1}};
  frame.arrays.push_back({"a", "1", std::vector<float>(10, 1)});
  io::FrameCut cut;
  cut.stride = 100;
  const io::FieldFrame thin = io::Cut(frame, cut);
  EXPECT_EQ(thin.coordinates[0], (std::vector<double>{0, 4}));
  EXPECT_EQ(thin.coordinates[1], (std::vector<double>{0, 1}));
  EXPECT_EQ(thin.coordinates[2], std::vector<double>{0});
  EXPECT_EQ(thin.arrays[0].values.size(), 4U);
}

TEST(FrameCut, TakesABoxAndEverySecondPoint) {
  io::FieldFrame frame;
  frame.mesh = "field";
  frame.coordinates = {std::vector<double>{0, 1, 2, 3, 4, 5, 6}, {0, 1, 2}, {0, 1}};
  frame.part = {{2, 0, 0}, {3, 3, 2}};  // x = 2, 3, 4
  frame.arrays.push_back({"x", "1", {}});
  for (long k = 0; k < frame.part.Points(); ++k) {
    frame.arrays[0].values.push_back(2.0F + static_cast<float>(k % 3) +
                                     10.0F * static_cast<float>(k / 3));
  }
  io::FrameCut cut;
  cut.low[0] = 0.9, cut.high[0] = 6;
  cut.low[2] = cut.high[2] = 0.7;
  cut.stride = 2;
  const io::FieldFrame thin = io::Cut(frame, cut);
  EXPECT_EQ(thin.coordinates[0], (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(thin.coordinates[1], (std::vector<double>{0, 2}));
  EXPECT_EQ(thin.coordinates[2], (std::vector<double>{1}));
  EXPECT_EQ(thin.part.offset, (std::array<long, 3>{1, 0, 0}));
  EXPECT_EQ(thin.part.count, (std::array<long, 3>{1, 2, 1}));
  EXPECT_EQ(thin.arrays[0].values, (std::vector<float>{33, 53}));
}

}  // namespace
}  // namespace symwave::jobs::run
