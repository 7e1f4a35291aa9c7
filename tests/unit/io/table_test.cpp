#include "io/table.hpp"

#include <gtest/gtest.h>

#include "io/checkpoint_archive.hpp"
#include "io/hdf5.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;

const std::vector<std::string> kColumns{"trainer", "epoch", "loss"};

TEST(Table, CanBeReadWhileItGrows) {
  const TestFolder folder;
  Table table(MPI_COMM_WORLD, folder / "t.csv", {"name", "value"});
  table.Row({std::string("a,\"b\""), 1.0 / 3});
  EXPECT_EQ(Content(folder / "t.csv"), "name,value\n\"a,\"\"b\"\"\",0.3333333333333333\n");
  MPI_Barrier(MPI_COMM_WORLD);
}

const std::string kTwo = "trainer,epoch,loss\nforward,0,0\nforward,1,0.1\n";

void AddRows(Table& table, long first, long last) {
  for (long epoch = first; epoch <= last; ++epoch) {
    table.Row({std::string("forward"), epoch, 0.1 * static_cast<double>(epoch)});
  }
}

/// Of a table of two rows, and that of one that has only been made.
void SaveTables(const std::string& path, Table& two, Table& none) {
  Hdf5File file = Hdf5File::Create(MPI_COMM_WORLD, path);
  CheckpointArchive archive(file, false);
  two.SaveOrRestore(archive, "two");
  none.SaveOrRestore(archive, "none");
  file.Close();
}

TEST(Table, GoesOnFromItsStateWhateverHasBecomeOfTheFile) {
  const TestFolder folder;
  const std::string path = folder / "history.csv";
  {
    Table table(MPI_COMM_WORLD, path, kColumns), none(MPI_COMM_WORLD, folder / "none.csv", {"x"});
    AddRows(table, 0, 1);
    SaveTables(folder / "state.h5", table, none);
    AddRows(table, 2, 4);  // of which the state knows nothing
  }
  MPI_Barrier(MPI_COMM_WORLD);
  EXPECT_FALSE(std::filesystem::exists(folder / "none.csv"));
  const auto restored = [&](const std::string& spoiled) {
    if (!spoiled.empty()) folder.Write("history.csv", spoiled);
    Hdf5File file = Hdf5File::OpenRead(MPI_COMM_WORLD, folder / "state.h5");
    CheckpointArchive archive(file, true);
    Table table(MPI_COMM_WORLD, path, kColumns);
    table.SaveOrRestore(archive, "two");
    MPI_Barrier(MPI_COMM_WORLD);
    EXPECT_EQ(Content(path), kTwo);
    MPI_Barrier(MPI_COMM_WORLD);
    AddRows(table, 2, 2);
    MPI_Barrier(MPI_COMM_WORLD);
    EXPECT_EQ(Content(path), kTwo + "forward,2,0.2\n");
    MPI_Barrier(MPI_COMM_WORLD);
  };
  restored("");
  restored("trainer,epo");
}

TEST(Table, NamesAFileThatCannotBeWritten) {
  Table table(MPI_COMM_WORLD, "/nowhere/t.csv", kColumns);
  EXPECT_TRUE(Says(Sentence([&] { AddRows(table, 0, 0); }),
                   "/nowhere/t.csv: cannot be written: No such file"));
}

}  // namespace
}  // namespace symwave::io
