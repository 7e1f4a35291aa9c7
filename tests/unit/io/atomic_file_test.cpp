#include "io/atomic_file.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

TEST(AtomicFile, Replaces) {
  const TestFolder folder;
  const std::string path = folder / "state";
  for (const char* text : {"one", "two", "three"}) {
    ReplaceAtomically(MPI_COMM_WORLD, path, [&](const std::string& temporary) {
      EXPECT_EQ(temporary, path + ".tmp");
      folder.Write("state.tmp", text);
    });
    EXPECT_EQ(Content(path), text);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFile, AFailedWriteLeavesTheOldFile) {
  const TestFolder folder;
  const std::string path = folder / "state";
  WriteTextAtomically(MPI_COMM_WORLD, path, "old");
  const std::string sentence = Sentence([&] {
    ReplaceAtomically(MPI_COMM_WORLD, path, [&](const std::string&) {
      folder.Write("state.tmp", "half");
      base::Fail("disk full");
    });
  });
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(sentence, "disk full");
  EXPECT_EQ(Content(path), "old");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFile, SaysWhereItCannotWrite) {
  EXPECT_TRUE(Says(Sentence([] { WriteTextAtomically(MPI_COMM_WORLD, "/nowhere/at/all", "x"); }),
                   "/nowhere/at/all.tmp: cannot be written: No such file or directory"));
}

}  // namespace
}  // namespace symwave::io
