// A curve of a sweep keeps what it has measured.
#include "jobs/train/sweep_curve.hpp"

#include <gtest/gtest.h>

#include <map>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/run/run_context.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::jobs::train {
namespace {

const std::vector<SweepColumn> kColumns{{"twice", "1", "twice the size"}};
constexpr double kInDeck = 0.5;

TEST(MeasureCurve, LosesOnlyThePointsThatFail) {
  const testing_files::TestFolder folder;
  const deck::Deck deck = deck::ReadDeck(MPI_COMM_WORLD, "inputs/iris_chip.yaml", {});
  run::RunContext context(MPI_COMM_WORLD, deck, {}, folder / "", "");
  TrainRecord record(context);
  std::map<std::string, int> calls;
  bool fails = true;
  const auto measure = [&](std::optional<double> size, const std::string& place) {
    ++calls[place];
    if (fails && size && *size == 2) base::Fail("no light at this size");
    return std::vector<double>{2 * size.value_or(kInDeck)};
  };
  // Two sizes that nine digits cannot tell apart are two points.
  const SweepAxis axis{"offset", "rad", {2, 1, 1 + 1e-12}, kInDeck};
  base::ClearWarnings();
  const SweepCurve curve = MeasureCurve(record, axis, kColumns, "", measure);
  EXPECT_EQ(curve.sizes, (std::vector<double>{kInDeck, 1, 1 + 1e-12}));
  EXPECT_EQ(curve.Values("twice"), (std::vector<double>{1, 2, 2 * (1 + 1e-12)}));
  EXPECT_FALSE(context.Parts().Complete());
  ASSERT_EQ(base::Warnings().size(), 1U);
  EXPECT_EQ(base::Warnings()[0], "the sweep's point offset=2 rad failed: no light at this size");

  // What has been measured is not measured again, what failed is.
  fails = false;
  EXPECT_EQ(MeasureCurve(record, axis, kColumns, "", measure).sizes.size(), 4U);
  EXPECT_EQ(calls,
            (std::map<std::string, int>{
                {"", 1}, {"offset=1 ", 1}, {"offset=1.000000000001 ", 1}, {"offset=2 ", 2}}));
}

TEST(MeasureCurve, WithoutAPointIsNone) {
  std::vector<SweepCurve> curves(3);
  curves[1].sizes = {1};
  RemoveEmpty(curves);
  EXPECT_EQ(curves.size(), 1U);
}

}  // namespace
}  // namespace symwave::jobs::train
