// What a run leaves in its folder: results, history, status, and what is said of them.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "domain/base/process.hpp"
#include "io/checkpoint_store.hpp"
#include "io/field_file.hpp"
#include "io/file_info.hpp"
#include "io/folder_files.hpp"
#include "io/hdf5.hpp"
#include "io/progress.hpp"
#include "io/run_status.hpp"
#include "io/status_text.hpp"
#include "io/table.hpp"
#include "tests/unit/io/checkpoint_states.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

namespace fs = std::filesystem;
using base::Communicator;
using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

int Rank() {
  return Communicator::RankIn(MPI_COMM_WORLD);
}

TEST(RunStatus, TellsWhereARunStands) {
  const TestFolder folder;
  EXPECT_TRUE(Says(Sentence([&] { StatusText(folder / ""); }), "there is no status.json"));
  MPI_Barrier(MPI_COMM_WORLD);
  RunStatus status(MPI_COMM_WORLD, folder / "", "train", false, 0);
  Progress progress(MPI_COMM_WORLD, "iris", 40,
                    [&](const std::string& title, long done, long total, Total worth) {
                      status.Progress(title, done, total, "epoch", worth);
                    });
  progress.Set(10);
  usleep(20000);
  progress.Set(20);
  status.Checkpoint("checkpoint_000003.h5");
  MPI_Barrier(MPI_COMM_WORLD);
  const std::string text = StatusText(folder / "");
  for (const char* part :
       {"train: running; last sign of life ", "iris  20/40 epochs, ", " per second, ", " left\n",
        "last checkpoint checkpoint_000003.h5, ", "restarts: 0"}) {
    EXPECT_TRUE(Says(text, part)) << part << " in " << text;
  }
  MPI_Barrier(MPI_COMM_WORLD);
  RunStatus resumed(MPI_COMM_WORLD, folder / "", "train", true, 0);
  EXPECT_TRUE(Rank() != 0 || resumed.Seconds() > 0.02);
  resumed.State("stopped by SIGTERM");
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_TRUE(Says(StatusText(folder / ""), "train: stopped by SIGTERM\n"));
  EXPECT_TRUE(Says(StatusText(folder / ""), "restarts: 1"));
}

TEST(RunStatus, SaysThatTheProcessIsGone) {
  const TestFolder folder;
  RunStatus status(MPI_COMM_WORLD, folder / "", "simulate", false);
  MPI_Barrier(MPI_COMM_WORLD);
  std::string text = Content(folder / "status.json");
  const std::string pid = "\"pid\": ";
  const std::size_t at = text.find(pid) + pid.size();
  text.replace(at, text.find(',', at) - at, "4194305");  // beyond the largest of Linux
  MPI_Barrier(MPI_COMM_WORLD);
  folder.Write("status.json", text);
  EXPECT_TRUE(
      Says(StatusText(folder / ""), "the process 4194305 is gone: it was killed; start it again"))
      << StatusText(folder / "");
  MPI_Barrier(MPI_COMM_WORLD);
  const std::string none = "\"checkpoint\": \"\"";
  text.replace(text.find(none), none.size(), "\"checkpoint\": \"checkpoint_000001.h5\"");
  folder.Write("status.json", text);
  EXPECT_TRUE(Says(StatusText(folder / ""), "it was killed; go on with --resume"));
  MPI_Barrier(MPI_COMM_WORLD);
  folder.Write("status.json", "{\"job\": 3");
  EXPECT_TRUE(Says(Sentence([&] { StatusText(folder / ""); }), "is not a JSON object"));
}

TEST(RunStatus, NeverEndsARun) {
  RunStatus status(MPI_COMM_WORLD, "/proc/nowhere", "simulate", false, 0);
  status.Progress("steps", 1, 2);
  status.State("done");
  EXPECT_GE(status.Seconds(), 0);
}

/// One of each kind of file, in a folder of this rank.
std::vector<std::string> MakeFiles(const std::string& folder) {
  fs::create_directory(folder);
  Hdf5File file = Hdf5File::Create(MPI_COMM_SELF, folder + "/results.h5");
  file.MakeGroup("/meta");
  file.WriteAttribute("/meta", "symwave_version", "0.1");
  file.WriteText("/meta/deck", "title: a test\n", {"", "the deck as given"});
  file.Write("/s_matrix", std::vector<std::complex<double>>(6), {2, 3}, {"1", "amplitudes"});
  file.Close();
  FieldArray array{"Ez", "1", std::vector<float>(20, 0.5F)};
  WriteFieldBox(MPI_COMM_SELF, folder + "/field_a", {{{0, 1, 2, 3, 4}, {0, 1}, {0, 1}}},
                {{0, 0, 0}, {5, 2, 2}}, {array});
  CheckpointStore store(MPI_COMM_SELF, folder);
  testing_files::TestState state(MPI_COMM_SELF, 1, 1);
  state.Fill(1);
  const std::string checkpoint =
      store.Save({"train", "a test", "0.1", "epoch", 5, 9, {}},
                 [&](base::StateArchive& archive) { state.Exchange(archive); });
  return {folder + "/results.h5", folder + "/field_a.hdf", checkpoint};
}

TEST(RunStatus, BeatsWhileTheRunWorksOnAnything) {
  const TestFolder folder;
  RunStatus status(MPI_COMM_WORLD, folder / "", "train", false, 0.1);
  status.Progress("forward", 3, 9, "epoch");
  usleep(1000);
  status.Part("the error sweep");
  usleep(400000);
  MPI_Barrier(MPI_COMM_WORLD);
  const std::string text = StatusText(folder / "");
  EXPECT_TRUE(Says(text, "forward  3/9 epochs\nat work on: the error sweep, for 0.")) << text;
  EXPECT_FALSE(Says(text, "ran 0.0 s")) << text;
  MPI_Barrier(MPI_COMM_WORLD);
  status.State("done");
  folder.Write("summary.json", R"({"complete": false, "failed_parts": ["the fields"]})");
  const std::string end = StatusText(folder / "");
  EXPECT_TRUE(Says(end, "train: done, but parts of it failed: the fields; see the warnings in"))
      << end;
  EXPECT_FALSE(Says(end, "at work")) << end;
  MPI_Barrier(MPI_COMM_WORLD);
  folder.Write("checkpoint_000004.h5", "");  // which a status of an earlier moment does not name
  EXPECT_TRUE(Says(StatusText(folder / ""), "last checkpoint " + (folder / "checkpoint_000004")));
}

TEST(RunStatus, KnowsWhatIsDeadThoughItsParentDoesNot) {
  const TestFolder folder;
  if (Rank() != 0) return;
  const pid_t child = fork();
  if (child == 0) _exit(0);
  usleep(50000);
  std::ofstream(folder / "status.json")
      << fmt::format(R"({{"job": "simulate", "state": "running", "pid": {}, "host": "{}"}})", child,
                     base::HostName());
  EXPECT_TRUE(Says(StatusText(folder / ""), "is gone: it was killed; start it again"));
  waitpid(child, nullptr, 0);
}

TEST(RunStatus, ARankThatFailsAloneSaysSo) {
  const TestFolder folder;
  RunStatus status(MPI_COMM_WORLD, folder / "", "simulate", false);
  MPI_Barrier(MPI_COMM_WORLD);
  if (Rank() == Communicator::SizeOf(MPI_COMM_WORLD) - 1) status.Failed("out of memory");
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_TRUE(Says(StatusText(folder / ""), "simulate: failed: out of memory\n"));
}

TEST(FolderFiles, AreListedOrTheFolderIsNamed) {
  const TestFolder folder;
  for (const char* name : {"b.h5", "a.h5", "a.txt"}) folder.Write(name, "");
  if (Rank() == 0) fs::create_directories(folder / "sub.h5/sub");
  folder.Write("sub.h5/sub/c.h5", "");
  const std::string h5 = R"(.*\.h5)";
  using Paths = std::vector<std::string>;
  EXPECT_EQ(FilesLike(folder / "", h5), (Paths{folder / "a.h5", folder / "b.h5"}));
  EXPECT_EQ(FilesBelow(folder / "", h5),
            (Paths{folder / "a.h5", folder / "b.h5", folder / "sub.h5/sub/c.h5"}));
  EXPECT_TRUE(FilesLike(folder / "none", h5).empty());
  EXPECT_EQ(Sentence([&] { FilesLike(folder / "a.txt", h5); }),
            (folder / "a.txt") + ": cannot be listed: Not a directory");
}

TEST(FileInfo, SaysWhatAFileIs) {
  const TestFolder folder;
  const std::string mine = folder / std::to_string(Rank());
  const std::vector<std::string> files = MakeFiles(mine);
  const auto says = [](const FileInfo& info, const std::string& part) {
    EXPECT_TRUE(info.whole) << info.text;
    EXPECT_TRUE(Says(info.text, part)) << part << " in " << info.text;
  };
  says(InfoOf(files[0], false), ": results of symwave 0.1");
  says(InfoOf(files[0], false), "  /s_matrix  2 x 3 complex128  96 B  [1]  amplitudes\n");
  says(InfoOf(files[0], true), "whole: 2 checksums match");
  says(InfoOf(files[1], true), ": field file\n");
  says(InfoOf(files[2], true), ": checkpoint of a train run, \"a test\"\n  epoch 5 of 9, written ");
  says(InfoOf(files[2], false), "  /state/fields/Ez  7 x 9 x 11 float32  2.8 kB\n");
  says(InfoOf(mine, true), "checkpoint_000001.h5: checkpoint");
  EXPECT_TRUE(Says(Sentence([&] { InfoOf(mine + "/none", true); }), "there is no such file"));
}

TEST(FileInfo, DamagedFilesGiveOneSentence) {
  const TestFolder folder;
  const std::vector<std::string> files = MakeFiles(folder / std::to_string(Rank()));
  std::mt19937 random(static_cast<unsigned>(5 + Rank()));
  for (const std::string& path : files) {
    const std::string good = Content(path), sound = InfoOf(path, true).text;
    int refused = 0;
    const int tries = 80 / Communicator::SizeOf(MPI_COMM_WORLD);  // other bits on every rank
    for (int k = 0; k < tries; ++k) {
      std::string bytes = good;
      const bool cut = k % 5 == 0;
      const std::size_t at =
          random() % (k % 2 == 0 ? bytes.size() : std::min<std::size_t>(4096, bytes.size()));
      if (cut) bytes.resize(at);
      if (!cut) bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
      std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
      const FileInfo info = InfoOf(path, true);
      if (info.whole) {
        // The bit was in a place that holds nothing.
        EXPECT_FALSE(cut) << path;
        EXPECT_EQ(info.text, sound) << "bit at " << at;
        continue;
      }
      ++refused;
      EXPECT_EQ(std::count(info.text.begin(), info.text.end(), '\n'), 1) << info.text;
      EXPECT_TRUE(Says(info.text, path)) << info.text;
    }
    EXPECT_GT(refused, tries / 4) << path;
  }
}

}  // namespace
}  // namespace symwave::io
