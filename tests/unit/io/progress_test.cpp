#include "io/progress.hpp"

#include <gtest/gtest.h>

#include "io/checksum.hpp"
#include "io/output_directory.hpp"

namespace symwave::io {
namespace {

TEST(Progress, BarShowsShareAndRemainingTime) {
  EXPECT_EQ(Progress::Bar("iris", 75, 150, 62, "loss 0.31"),
            "iris  [############............]  50 %  75/150  1:02 min left  loss 0.31");
  EXPECT_EQ(Progress::Bar("iris", 0, 150, 1, ""), "iris  [........................]   0 %  0/150");
  EXPECT_EQ(Progress::Bar("iris", 2, 2, 1, ""), "iris  [########################] 100 %  2/2");
}

TEST(Progress, SaysWhatATotalIsWorth) {
  EXPECT_EQ(Progress::Bar("run", 1, 2, 3, "", Total::About),
            "run  [############............]  50 %  1 of about 2  3.0 s left");
  EXPECT_EQ(Progress::Bar("run", 1, 2, 3, "", Total::AtMost),
            "run  [############............]  50 %  1 of at most 2  3.0 s left at most");
  for (const Total worth : {Total::Exact, Total::About, Total::AtMost}) {
    EXPECT_EQ(WorthOf(WorthName(worth)), worth);
  }
  EXPECT_EQ(OfTotal(0, Total::About), "");
}

TEST(Progress, Durations) {
  EXPECT_EQ(Progress::Duration(0.84), "0.8 s");
  EXPECT_EQ(Progress::Duration(42), "42 s");
  EXPECT_EQ(Progress::Duration(62), "1:02 min");
  EXPECT_EQ(Progress::Duration(7384), "2:03:04 h");
}

// Value of the CRC catalogue for the nine digits (CRC-64/XZ).
TEST(Checksum, KnownValueInAnyCut) {
  EXPECT_EQ(ChecksumText("123456789"), "995dc9bbdf1939fa");
  Checksum parts;
  parts.Update(std::string("1234"));
  parts.Update(std::string("56789"));
  EXPECT_EQ(parts.Value(), 0x995dc9bbdf1939faULL);
}

TEST(OutputDirectory, DefaultFollowsTheDeck) {
  EXPECT_EQ(DefaultOutputDirectory("inputs/iris_chip.yaml"), "out/iris_chip");
}

}  // namespace
}  // namespace symwave::io
