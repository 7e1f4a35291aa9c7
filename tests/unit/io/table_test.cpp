#include "io/table.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

const std::vector<std::string> kColumns{"trainer", "epoch", "loss"};

void WriteThree(const std::string& path) {
  Table table(MPI_COMM_WORLD, path, kColumns);
  for (long epoch = 0; epoch < 3; ++epoch) {
    table.Row({std::string("forward"), epoch, 0.1 * static_cast<double>(epoch)});
  }
  EXPECT_EQ(table.Rows(), 3);
  MPI_Barrier(MPI_COMM_WORLD);
}

TEST(Table, CanBeReadWhileItGrows) {
  const TestFolder folder;
  Table table(MPI_COMM_WORLD, folder / "t.csv", {"name", "value"});
  table.Row({std::string("a,\"b\""), 1.0 / 3});
  EXPECT_EQ(Content(folder / "t.csv"), "name,value\n\"a,\"\"b\"\"\",0.3333333333333333\n");
  MPI_Barrier(MPI_COMM_WORLD);
}

TEST(Table, ResumeDropsRowsAfterTheCheckpoint) {
  const TestFolder folder;
  const std::string path = folder / "history.csv";
  WriteThree(path);
  {
    Table table = Table::Resume(MPI_COMM_WORLD, path, kColumns, 2);
    table.Row({std::string("forward"), 2L, 7.5});
    EXPECT_EQ(table.Rows(), 3);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_EQ(Content(path), "trainer,epoch,loss\nforward,0,0\nforward,1,0.1\nforward,2,7.5\n");
}

TEST(Table, ResumeExplainsWhatIsMissing) {
  const TestFolder folder;
  const std::string path = folder / "history.csv";
  EXPECT_TRUE(Says(Sentence([&] { Table::Resume(MPI_COMM_WORLD, path, kColumns, 2); }),
                   "is missing, but the checkpoint knows 2 rows"));
  EXPECT_EQ(Sentence([&] { Table::Resume(MPI_COMM_WORLD, path, kColumns, 0); }), "");
  WriteThree(path);
  EXPECT_TRUE(Says(Sentence([&] { Table::Resume(MPI_COMM_WORLD, path, kColumns, 9); }),
                   "has only 3 of the 9 rows"));
  EXPECT_TRUE(Says(Sentence([&] { Table::Resume(MPI_COMM_WORLD, path, {"x"}, 1); }),
                   "belongs to another run"));
  EXPECT_TRUE(Says(Sentence([] { Table(MPI_COMM_WORLD, "/nowhere/t.csv", kColumns); }),
                   "/nowhere/t.csv: cannot be written: No such file"));
}

}  // namespace
}  // namespace symwave::io
