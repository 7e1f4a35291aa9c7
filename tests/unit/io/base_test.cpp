#include <gtest/gtest.h>

#include <filesystem>

#include "domain/base/communicator.hpp"
#include "domain/base/joined.hpp"
#include "domain/base/memory.hpp"
#include "domain/base/runtime.hpp"
#include "domain/base/timer.hpp"
#include "io/output_directory.hpp"
#include "io/summary.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave {
namespace {

using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

TEST(Communicator, SplitsAndOwns) {
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  base::Communicator half = base::Communicator::Split(MPI_COMM_WORLD, rank % 2);
  EXPECT_EQ(half.Size(), rank % 2 == 0 ? (size + 1) / 2 : size / 2);
  base::Communicator moved = std::move(half);
  EXPECT_EQ(half.Get(), MPI_COMM_NULL);
  EXPECT_EQ(moved.Rank(), rank / 2);
}

TEST(AgreeOnFailure, OneRanksSentenceIsEverybodys) {
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int last = base::Communicator::SizeOf(MPI_COMM_WORLD) - 1;
  EXPECT_EQ(Sentence([&] {
              base::AgreeOnFailure(MPI_COMM_WORLD, [&] {
                if (rank == last) base::Fail("rank {} fails", rank);
              });
            }),
            fmt::format("rank {} fails", last));
}

TEST(Joined, ShortensLongLists) {
  EXPECT_EQ(base::FirstOf({"a", "b", "c"}, 3), "a, b, c");
  EXPECT_EQ(base::FirstOf({"a", "b", "c", "d", "e"}, 3), "a, b, c and 2 more");
}

TEST(Timers, AddUpAndReduce) {
  base::Timers timers;
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  timers.Add("solve", 1 + rank);
  timers.Add("solve", 1);
  { const auto scope = timers.Measure("empty"); }
  EXPECT_EQ(timers.Seconds().at("solve"), 2 + rank);
  EXPECT_LT(timers.Seconds().at("empty"), 1);
  const auto largest = timers.MaxOverRanks(MPI_COMM_WORLD);
  EXPECT_EQ(largest.at("solve"), 1 + base::Communicator::SizeOf(MPI_COMM_WORLD));
}

// 8 GiB available; the job above allows 4 GiB, of which 1 GiB is held; the step itself has no
// limit.
TEST(AvailableMemory, IsTheLeastOfTheNodeAndItsControlGroups) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "proc/self");
  std::filesystem::create_directories(folder / "cgroup/job/step");
  MPI_Barrier(MPI_COMM_WORLD);
  folder.Write("proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\n");
  folder.Write("proc/self/cgroup", "1:cpu:/other\n0::/job/step\n");
  folder.Write("cgroup/job/step/memory.max", "max\n");
  const auto available = [&] { return base::AvailableMemory(folder / "proc", folder / "cgroup"); };
  const auto all = [&] { return base::NodeMemory(folder / "proc", folder / "cgroup"); };
  EXPECT_EQ(available(), 8.0 * (1L << 30));
  EXPECT_EQ(all(), 16.0 * (1L << 30));
  MPI_Barrier(MPI_COMM_WORLD);
  folder.Write("cgroup/job/memory.max", "4294967296\n");
  folder.Write("cgroup/job/memory.stat", "anon 1073741824\nfile 2147483648\n");
  EXPECT_EQ(available(), 3.0 * (1L << 30));
  EXPECT_EQ(all(), 4.0 * (1L << 30));
}

TEST(ResidentMemory, IsThatOfTheProcess) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "proc/self");
  MPI_Barrier(MPI_COMM_WORLD);
  folder.Write("proc/self/status", "Name:\tsymwave\nVmHWM:\t  9000 kB\nVmRSS:\t  8192 kB\n");
  EXPECT_EQ(base::ResidentMemory(folder / "proc"), 8.0 * (1L << 20));
  EXPECT_EQ(base::ResidentMemory(folder / "nothing"), 0);
  EXPECT_GT(base::ResidentMemory(), 1e6);
}

TEST(OutputDirectory, IsMadeOrExplained) {
  const TestFolder folder;
  io::PrepareOutputDirectory(MPI_COMM_WORLD, folder / "a/b");
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b"));
  EXPECT_TRUE(std::filesystem::is_empty(folder / "a/b"));
  folder.Write("file", "x");
  EXPECT_TRUE(Says(Sentence([&] { io::PrepareOutputDirectory(MPI_COMM_WORLD, folder / "file"); }),
                   "there is a file of this name"));
  EXPECT_TRUE(
      Says(Sentence([&] { io::PrepareOutputDirectory(MPI_COMM_WORLD, folder / "file/below"); }),
           "cannot be made"));
  EXPECT_TRUE(Says(Sentence([&] { io::PrepareOutputDirectory(MPI_COMM_WORLD, "/proc/symwave"); }),
                   "/proc/symwave"));
}

TEST(Summary, WritesAndReads) {
  const TestFolder folder;
  const std::string path = folder / "summary.json";
  io::WriteSummary(MPI_COMM_WORLD, path, {{"b", 1.5}, {"a", {{"x", 2}}}, {"nan", 0.0 / 0.0}});
  const auto summary = io::ReadSummary(MPI_COMM_WORLD, path);
  EXPECT_EQ(summary.begin().key(), "b");
  EXPECT_EQ(summary["a"]["x"], 2);
  EXPECT_TRUE(summary["nan"].is_null());
  folder.Write("cut.json", "{\"a\": 1");
  EXPECT_TRUE(Says(Sentence([&] { io::ReadSummary(MPI_COMM_WORLD, folder / "cut.json"); }),
                   "is not a JSON object"));
  EXPECT_TRUE(Says(Sentence([&] { io::ReadSummary(MPI_COMM_WORLD, folder / "no.json"); }),
                   "cannot read the summary: No such file"));
}

}  // namespace
}  // namespace symwave
