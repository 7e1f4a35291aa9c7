// Costs from two timings, those that noise has turned over included.
#include "jobs/throughput/cost_line.hpp"

#include <gtest/gtest.h>

namespace symwave::jobs::throughput {
namespace {

TEST(CostLine, GoesThroughBothTimings) {
  const CostLine line = LineThrough({2, 7}, {10, 23});
  EXPECT_DOUBLE_EQ(line.start, 3);
  EXPECT_DOUBLE_EQ(line.slope, 2);
  EXPECT_DOUBLE_EQ(line.At(4), 11);
}

TEST(CostLine, IsNeverNegative) {
  const CostLine turned = LineThrough({2, 9}, {10, 7});
  EXPECT_DOUBLE_EQ(turned.slope, 0);
  EXPECT_DOUBLE_EQ(turned.At(1000), 8);
  const CostLine below = LineThrough({2, 1}, {10, 20});
  EXPECT_DOUBLE_EQ(below.start, 0);
  EXPECT_DOUBLE_EQ(below.At(10), 20);
}

}  // namespace
}  // namespace symwave::jobs::throughput
