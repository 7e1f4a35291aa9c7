// Observers of a run are called after every step, on the ranks that took it.
#include <gtest/gtest.h>

#include <set>

#include "domain/base/communicator.hpp"
#include "jobs/cli/make_job.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/run/group_steps.hpp"
#include "jobs/run/run_context.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::jobs::run {
namespace {

using testing_files::TestFolder;

const std::vector<std::string> kSmall{"grid.cell=0.1um", "wavelength.count=3"};

/// Of `inputs/coupler.yaml` on a coarse grid, run with an observer.
std::vector<StepEnd> Observed(std::vector<std::string> overrides) {
  const TestFolder folder;
  overrides.insert(overrides.begin(), kSmall.begin(), kSmall.end());
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/coupler.yaml", overrides);
  RunContext context(MPI_COMM_WORLD, deck, {}, folder / "", "");
  std::vector<StepEnd> ends;
  std::vector<int> order;
  context.AddObserver([&](const StepEnd& end) { ends.push_back(end), order.push_back(0); });
  context.AddObserver([&](const StepEnd&) { order.push_back(1); });
  cli::MakeJob(MPI_COMM_WORLD, deck.options)->Run(context);
  for (size_t k = 0; k < order.size(); ++k) EXPECT_EQ(order[k], k % 2) << k;
  EXPECT_EQ(order.size(), 2 * ends.size());
  for (size_t k = 0; k < ends.size(); ++k) {
    EXPECT_EQ(ends[k].comm, MPI_COMM_WORLD);
    const bool first = k == 0 || ends[k].unit != ends[k - 1].unit;
    EXPECT_GT(ends[k].done, first ? 0 : ends[k - 1].done);
  }
  return ends;
}

TEST(StepObservers, SeeEveryWavelength) {
  const std::vector<StepEnd> ends = Observed({});
  ASSERT_FALSE(ends.empty());
  // Two of three, side by side where there are ranks for both; the middle one ends the run.
  EXPECT_EQ(ends.size(), base::Communicator::SizeOf(MPI_COMM_WORLD) > 1 ? 1 : 2);
  EXPECT_EQ(ends.back().done, 2);
  EXPECT_EQ(ends.back().unit, "wavelength");
}

TEST(StepObservers, SeeTheStepsOfTime) {
  const std::vector<StepEnd> ends =
      Observed({"solver.method=time_domain", "solver.stop.decay=1e-2"});
  std::set<std::string> runs;
  for (const StepEnd& end : ends) runs.insert(end.unit);
  EXPECT_EQ(runs.size(), 4U);  // one per port
  EXPECT_EQ(runs.count("run 4 of 4, step"), 1U);
}

TEST(StepObservers, SeeTheStepsOfTheirGroup) {
  const TestFolder folder;
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/coupler.yaml", kSmall);
  RunContext context(MPI_COMM_WORLD, deck, {}, folder / "", "");
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const base::Communicator group = base::Communicator::Split(MPI_COMM_WORLD, rank, 0);
  std::vector<StepEnd> ends;
  context.AddObserver([&](const StepEnd& end) { ends.push_back(end); });
  GroupSteps steps(context, group.Get(),
                   {[](base::StateArchive&) {}, [] { return 0L; }, 0, "epoch"});
  steps.Run([&] {
    for (int k = 0; k < 3 + rank; ++k) EXPECT_TRUE(steps.GoesOn());
  });
  ASSERT_EQ(ends.size(), static_cast<size_t>(3 + rank));  // none where the groups have met
  EXPECT_EQ(ends.back().done, 3 + rank);
  EXPECT_EQ(base::Communicator::SizeOf(ends.back().comm), 1);
}

}  // namespace
}  // namespace symwave::jobs::run
