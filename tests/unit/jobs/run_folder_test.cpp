// The output folder: what is complete there stays until something else is.
#include "jobs/run/run_folder.hpp"

#include <gtest/gtest.h>

#include <map>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::jobs::run {
namespace {

namespace fs = std::filesystem;
using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

/// Collective: rank 0 does it when all are here, the others wait.
template <class Work>
void OnRankZero(Work&& work) {
  MPI_Barrier(MPI_COMM_WORLD);
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) work();
  MPI_Barrier(MPI_COMM_WORLD);
}

void Write(const std::string& folder, const std::string& name, const std::string& text) {
  OnRankZero([&] { std::ofstream(folder + "/" + name) << text; });
}

/// A run that writes results and, for an even number, a field.
void RunOf(RunFolder& folder, int number) {
  Write(folder.Running(), "results.h5", std::to_string(number));
  Write(folder.Running(), "summary.json", std::to_string(number));
  if (number % 2 == 0) Write(folder.Running(), "field_in.hdf", std::to_string(number));
}

TEST(RunFolder, ShowsACompleteRunAndNothingOfTheOneBefore) {
  const TestFolder test;
  for (const int number : {2, 3}) {
    RunFolder folder(MPI_COMM_WORLD, test / "", false);
    RunOf(folder, number);
    if (number == 3) {
      EXPECT_EQ(Content(test / "results.h5"), "2");
    }
    MPI_Barrier(MPI_COMM_WORLD);
    EXPECT_EQ(folder.HasResults(), number == 3);
    folder.Complete({});
    EXPECT_EQ(Content(test / "results.h5"), std::to_string(number));
    EXPECT_EQ(fs::exists(test / "field_in.hdf"), number == 2);
    EXPECT_FALSE(fs::exists(test / "running"));
  }
}

TEST(RunFolder, WhatAKillHasCutOffIsNoResult) {
  const TestFolder test;
  {
    RunFolder folder(MPI_COMM_WORLD, test / "", false);
    Write(folder.Running(), "checkpoint_000002.h5.tmp", "half");
    Write(folder.Running(), "field_in.hdf.tmp", "half");
    RunOf(folder, 1);
    folder.Complete({});
  }
  EXPECT_EQ(Content(test / "results.h5"), "1");
  EXPECT_FALSE(fs::exists(test / "checkpoint_000002.h5.tmp"));
  EXPECT_FALSE(fs::exists(test / "field_in.hdf.tmp"));
  EXPECT_FALSE(fs::exists(test / "running"));
}

TEST(RunFolder, AbandonedRunsLeaveTheOneBefore) {
  const TestFolder test;
  Write(test / "", "results.h5", "1");
  Write(test / "", "summary.json", "1");
  RunFolder folder(MPI_COMM_WORLD, test / "", false);
  RunOf(folder, 2);
  folder.Abandon();
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(Content(test / "results.h5"), "1");
  EXPECT_FALSE(fs::exists(test / "running"));
}

TEST(RunFolder, TheNextRunMovesWhatAKilledOneHadCompleted) {
  const TestFolder test;
  OnRankZero([&] { fs::create_directory(test / ".complete"); });
  for (const char* name : {"results.h5", "summary.json", "field_old.hdf"}) {
    Write(test / "", name, "old");
  }
  // One of three files was moved.
  Write(test / "", "field_in.hdf", "new");
  Write(test / ".complete", "results.h5", "new");
  Write(test / ".complete", "summary.json", "new");
  Write(test / ".complete", "files.txt",
        "field_in.hdf\nresults.h5\nsummary.json\nend of the list\n");
  const RunFolder folder(MPI_COMM_WORLD, test / "", false);
  for (const char* name : {"field_in.hdf", "results.h5", "summary.json"}) {
    EXPECT_EQ(Content(test / name), "new");
  }
  EXPECT_FALSE(fs::exists(test / "field_old.hdf"));
  EXPECT_FALSE(fs::exists(test / ".complete"));
}

TEST(RunFolder, GoesOnWithWhatIsThereAlone) {
  const TestFolder test;
  EXPECT_EQ(WhatIsLeft(MPI_COMM_WORLD, test / ""), Left::Nothing);
  {
    RunFolder stopped(MPI_COMM_WORLD, test / "", false);
    Write(stopped.Running(), "checkpoint_000005.h5", "5");
    stopped.Abandon();
  }
  {
    EXPECT_EQ(WhatIsLeft(MPI_COMM_WORLD, test / ""), Left::Checkpoint);
    const RunFolder resumed(MPI_COMM_WORLD, test / "", true);
    EXPECT_EQ(Content(test / "running/checkpoint_000005.h5"), "5");
  }
  MPI_Barrier(MPI_COMM_WORLD);
  base::ClearWarnings();
  const RunFolder other(MPI_COMM_WORLD, test / "", false);
  EXPECT_FALSE(fs::exists(test / "running/checkpoint_000005.h5"));
  EXPECT_EQ(Content(test / "unfinished/checkpoint_000005.h5"), "5");
}

/// Paths in a folder and the content of the files, of rank 0 on every rank alike: all see one disk.
std::map<std::string, std::string> Everything(const std::string& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename() == io::FolderLock::kFile) continue;
    found[entry.path()] = entry.is_regular_file() ? Content(entry.path()) : "";
  }
  MPI_Barrier(MPI_COMM_WORLD);
  return found;
}

/// A run that is refused before its first checkpoint: it had begun to write.
void Refused(const std::string& directory, bool resume, const std::string& from) {
  const auto before = Everything(directory);
  RunFolder folder(MPI_COMM_WORLD, directory, resume);
  EXPECT_EQ(folder.RestoreFrom(), from);
  MPI_Barrier(MPI_COMM_WORLD);
  Write(folder.Running(), "status.json", "of the refused run");
  folder.Abandon();
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(Everything(directory), before);
}

TEST(RunFolder, ARefusedRunLeavesTheFolderAsItWas) {
  const TestFolder test;
  const std::string directory = test / "run";
  {
    RunFolder folder(MPI_COMM_WORLD, directory, false);
    folder.Abandon();
    MPI_Barrier(MPI_COMM_WORLD);
    EXPECT_FALSE(fs::exists(directory)) << "made for a run that was refused";
    EXPECT_EQ(WhatIsLeft(MPI_COMM_WORLD, directory), Left::Nothing);
    EXPECT_FALSE(fs::exists(directory));
    MPI_Barrier(MPI_COMM_WORLD);
  }
  {
    RunFolder complete(MPI_COMM_WORLD, directory, false);
    RunOf(complete, 2);
    Write(complete.Running(), "checkpoint_000007.h5", "of the end");
    Write(complete.Running(), "history.csv", "epochs");
    complete.Complete({});
    MPI_Barrier(MPI_COMM_WORLD);
  }
  Refused(directory, false, "");
  Refused(directory, true, directory);
  {
    RunFolder stopped(MPI_COMM_WORLD, directory, false);
    Write(stopped.Running(), "checkpoint_000001.h5", "of a stop");
    Write(stopped.Running(), "part_in.h5", "of an input");
    Write(stopped.Running(), "status.json", "stopped");
  }
  Refused(directory, false, "");
  Refused(directory, true, directory + "/running");
  // One that has written a checkpoint can be gone on with.
  RunFolder other(MPI_COMM_WORLD, directory, false);
  Write(other.Running(), "checkpoint_000001.h5", "of the other");
  other.Abandon();
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(Content(directory + "/running/checkpoint_000001.h5"), "of the other");
  EXPECT_EQ(Content(directory + "/unfinished/part_in.h5"), "of an input");
  MPI_Barrier(MPI_COMM_WORLD);
}

TEST(RunFolder, OneRunAtATime) {
  const TestFolder test;
  RunFolder at_work(MPI_COMM_WORLD, test / "", false);
  Write(at_work.Running(), "checkpoint_000001.h5", "of the one at work");
  for (const bool resume : {false, true}) {
    const std::string said = Sentence([&] { RunFolder(MPI_COMM_WORLD, test / "", resume); });
    EXPECT_TRUE(Says(said, "a run is at work in this folder, process "));
  }
  EXPECT_EQ(Content(test / "running/checkpoint_000001.h5"), "of the one at work");
  MPI_Barrier(MPI_COMM_WORLD);
  RunOf(at_work, 1);
  at_work.Complete({});
  const RunFolder next(MPI_COMM_WORLD, test / "", false);
  EXPECT_EQ(next.RestoreFrom(), "");
  MPI_Barrier(MPI_COMM_WORLD);
}

/// Folders of our names that are not ours: nothing is lost in them, and nothing beside them.
TEST(RunFolder, ForeignFoldersStay) {
  const TestFolder test;
  {
    RunFolder run(MPI_COMM_WORLD, test / "", false);
    RunOf(run, 2);
    run.Complete({});
  }
  const auto start = [&] { return Sentence([&] { RunFolder(MPI_COMM_WORLD, test / "", false); }); };
  OnRankZero([&] { fs::create_directory(test / "running"); });
  Write(test / "running", "results.h5", "mine");
  EXPECT_TRUE(Says(start(), "is of no run"));
  EXPECT_EQ(Content(test / "running/results.h5"), "mine");
  OnRankZero([&] { fs::remove_all(test / "running"); });

  OnRankZero([&] { fs::create_directory(test / ".complete"); });
  Write(test / ".complete", "notes.txt", "mine");
  EXPECT_TRUE(Says(start(), "is of no run that has been completed"));
  for (const char* half : {"", "results.h5\n", "results.h5\nend of the li"}) {
    Write(test / ".complete", "files.txt", half);
    EXPECT_TRUE(Says(start(), "is of no run that has been completed"));
  }
  EXPECT_EQ(Content(test / ".complete/notes.txt"), "mine");
  OnRankZero([&] { fs::remove_all(test / ".complete"); });

  // A kill may leave the folder behind when all else is done.
  OnRankZero([&] { fs::create_directory(test / ".complete"); });
  {
    const RunFolder run(MPI_COMM_WORLD, test / "", false);
    EXPECT_FALSE(fs::exists(test / ".complete"));
  }
  EXPECT_EQ(Content(test / "results.h5"), "2");
  EXPECT_EQ(Content(test / "field_in.hdf"), "2");
  MPI_Barrier(MPI_COMM_WORLD);
}

/// The place of the folder that is renamed is taken: the results stay where they are.
TEST(RunFolder, ResultsThatCannotBeMovedAreKept) {
  const TestFolder test;
  {
    RunFolder run(MPI_COMM_WORLD, test / "", false);
    RunOf(run, 2);
    OnRankZero([&] { fs::create_directories(test / ".complete/in/the/way"); });
    EXPECT_TRUE(Says(Sentence([&] { run.Complete({}); }), "cannot be moved"));
    run.Abandon();
    EXPECT_EQ(Content(test / "running/results.h5"), "2");
    MPI_Barrier(MPI_COMM_WORLD);
  }
  OnRankZero([&] { fs::remove_all(test / ".complete"); });
  EXPECT_EQ(WhatIsLeft(MPI_COMM_WORLD, test / ""), Left::Results);
  EXPECT_EQ(Content(test / "results.h5"), "2");
  EXPECT_FALSE(fs::exists(test / "running"));
  MPI_Barrier(MPI_COMM_WORLD);
}

TEST(RunFolder, FilesWhoseNameAFolderHasStayBehind) {
  const TestFolder test;
  OnRankZero([&] { fs::create_directory(test / "field_in.hdf"); });
  RunFolder folder(MPI_COMM_WORLD, test / "", false);
  RunOf(folder, 2);
  EXPECT_TRUE(Says(Sentence([&] { folder.RequirePlaces(); }), "field_in.hdf"));
  folder.Complete({});
  EXPECT_EQ(Content(test / "results.h5"), "2");
  EXPECT_EQ(Content(test / "running/field_in.hdf"), "2");
}

}  // namespace
}  // namespace symwave::jobs::run
