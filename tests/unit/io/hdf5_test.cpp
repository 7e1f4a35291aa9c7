#include "io/hdf5.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "domain/base/communicator.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Content;
using testing_files::Says;
using testing_files::Sentence;
using testing_files::TestFolder;
using Complex = std::complex<double>;

TEST(Hdf5, ReplicatedArraysReadBack) {
  const TestFolder folder;
  const std::string path = folder / "r.h5";
  const std::vector<double> loss{0.5, 0.25, 1.0 / 3};
  const std::vector<Complex> s{{1, 2}, {3, -4}, {0, 1}, {5, 5}, {6, 0}, {0, 0}};
  {
    Hdf5File file = Hdf5File::Create(MPI_COMM_WORLD, path);
    file.Write("/training/a/loss", loss, {}, {"1", "mean loss"});
    file.Write("/s_matrix", s, {1, 2, 3});
    file.Write("/empty", std::vector<double>{});
    file.WriteScalar("/count", std::int64_t{1} << 40);
    file.WriteText("/meta/deck", "job: train\n# \xC2\xB5m\n");
    file.WriteText("/meta/none", "");
    file.WriteTexts("/ports/name", {"in", "output#1", ""});
    file.WriteAttribute("/meta", "format_version", std::int64_t{3});
    file.WriteAttribute("/", "spacing", std::vector<double>{1, 2, 3});
    file.Close();
  }
  const Hdf5File file = Hdf5File::OpenRead(MPI_COMM_WORLD, path);
  EXPECT_EQ(file.Read<double>("training/a/loss"), loss);
  EXPECT_EQ(file.Read<Complex>("/s_matrix"), s);
  EXPECT_EQ(file.Extent("/s_matrix"), (Shape{1, 2, 3}));
  EXPECT_TRUE(file.Read<double>("/empty").empty());
  EXPECT_EQ(file.ReadScalar<std::int64_t>("/count"), std::int64_t{1} << 40);
  EXPECT_EQ(file.ReadText("/meta/deck"), "job: train\n# \xC2\xB5m\n");
  EXPECT_EQ(file.ReadText("/meta/none"), "");
  EXPECT_EQ(file.ReadTexts("/ports/name"), (std::vector<std::string>{"in", "output#1", ""}));
  EXPECT_EQ(file.ReadTextAttribute("/training/a/loss", "description"), "mean loss");
  EXPECT_EQ(file.ReadAttribute<std::int64_t>("/meta", "format_version").at(0), 3);
  EXPECT_EQ(file.ReadAttribute<double>("/", "spacing").size(), 3u);
  EXPECT_EQ(file.Members("/"),
            (std::vector<std::string>{"count", "empty", "meta", "ports", "s_matrix", "training"}));
  EXPECT_TRUE(file.Has("/training/a"));
  EXPECT_FALSE(file.Has("/training/b/c"));
}

/// Rows [rank * n / size, (rank + 1) * n / size) of an n x 5 array; some ranks may have none.
Slab Rows(hsize_t n, int rank, int size) {
  const hsize_t begin = n * rank / size;
  const hsize_t end = n * (rank + 1) / size;
  return {{n, 5}, {begin, 0}, {end - begin, 5}};
}

template <class T>
void RoundTrip(const std::string& path, hsize_t n) {
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  const Slab mine = Rows(n, rank, size);
  std::vector<T> values(mine.count[0] * 5);
  for (size_t k = 0; k < values.size(); ++k) values[k] = static_cast<T>(mine.offset[0] * 5.0 + k);
  {
    Hdf5File file = Hdf5File::Create(MPI_COMM_WORLD, path);
    file.WriteSlab("/field", values.data(), mine);
    file.Close();
  }
  const Hdf5File file = Hdf5File::OpenRead(MPI_COMM_WORLD, path);
  // Read with another distribution than it was written with.
  const Slab other = Rows(n, size - 1 - rank, size);
  std::vector<T> read(other.count[0] * 5);
  file.ReadSlab("/field", read.data(), other);
  for (size_t k = 0; k < read.size(); ++k) {
    ASSERT_EQ(read[k], static_cast<T>(other.offset[0] * 5.0 + k)) << k;
  }
}

TEST(Hdf5, DistributedArraysReadBackOnAnyDistribution) {
  const TestFolder folder;
  RoundTrip<double>(folder / "d.h5", 17);
  RoundTrip<float>(folder / "f.h5", 17);
  RoundTrip<Complex>(folder / "c.h5", 17);
  RoundTrip<std::complex<float>>(folder / "cf.h5", 17);
  RoundTrip<double>(folder / "few.h5", 2);
}

TEST(Hdf5, MissingAndWrongThingsAreNamed) {
  const TestFolder folder;
  const std::string path = folder / "r.h5";
  {
    Hdf5File file = Hdf5File::Create(MPI_COMM_WORLD, path);
    file.Write("/training/loss", std::vector<double>{1, 2});
    file.WriteText("/text", "abc");
    file.Close();
  }
  const Hdf5File file = Hdf5File::OpenRead(MPI_COMM_WORLD, path);
  EXPECT_EQ(Sentence([&] { file.Read<double>("/training/los"); }),
            path + ": has no dataset /training/los (did you mean /training/loss?)");
  EXPECT_TRUE(Says(Sentence([&] { file.Read<double>("/training"); }), "has no dataset /training"));
  EXPECT_EQ(Sentence([&] { file.Read<double>("/text"); }),
            path + ": /text holds text, not numbers");
  EXPECT_TRUE(Says(Sentence([&] { file.Read<Complex>("/training/loss"); }),
                   "holds numbers, not complex numbers"));
  EXPECT_TRUE(Says(Sentence([&] { file.ReadText("/training/loss"); }), "is not text"));
  EXPECT_TRUE(Says(Sentence([&] { file.ReadScalar<double>("/training/loss"); }), "2 values"));
  EXPECT_TRUE(
      Says(Sentence([&] { file.ReadTextAttribute("/text", "unit"); }), "no attribute unit"));
  EXPECT_TRUE(Says(Sentence([&] { file.Members("/nothing"); }), "has no group /nothing"));
  double value = 0;
  EXPECT_TRUE(Says(Sentence([&] {
                     file.ReadSlab("/training/loss", &value, {{3}, {0}, {0}});
                   }),
                   "has the shape 2, but 3 is expected"));
}

TEST(Hdf5, BrokenFilesAreExplained) {
  const TestFolder folder;
  const auto error = [](const std::string& path) {
    return Sentence([&] { Hdf5File::OpenRead(MPI_COMM_WORLD, path); });
  };
  {
    Hdf5File file = Hdf5File::Create(MPI_COMM_WORLD, folder / "whole.h5");
    file.Write("/values", std::vector<double>(10000, 1.0));
    file.Close();
  }
  MPI_Barrier(MPI_COMM_WORLD);
  const std::string whole = Content(folder / "whole.h5");
  const std::string cut = folder.Write("cut.h5", whole.substr(0, whole.size() / 2));
  EXPECT_TRUE(Says(error(cut), "cut.h5: cannot be opened: the file is truncated")) << error(cut);
  EXPECT_TRUE(
      Says(error(folder.Write("text.h5", "not a data file at all")), "is not an HDF5 file"));
  EXPECT_TRUE(Says(error(folder.Write("empty.h5", "")), "the file is empty"));
  EXPECT_TRUE(Says(error(folder / "absent.h5"), "cannot be read: No such file"));
  EXPECT_TRUE(Says(error(folder / "."), "is a folder"));
  EXPECT_TRUE(Says(Sentence([&] { Hdf5File::Create(MPI_COMM_WORLD, "/nowhere/x.h5"); }),
                   "/nowhere/x.h5: cannot be written: No such file"));
}

// A limit on the size of files stands for a full disk: writing fails in the same calls.
TEST(Hdf5, AFullDiskIsOneSentenceOnEveryRank) {
  const TestFolder folder;
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  getrlimit(RLIMIT_FSIZE, &old_limit);
  rlimit limit = old_limit;
  limit.rlim_cur = 64 * 1024;
  setrlimit(RLIMIT_FSIZE, &limit);
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  const std::vector<double> values(40000, 1.0);
  const std::string sentence = Sentence([&] {
    Hdf5File file = Hdf5File::Create(MPI_COMM_WORLD, folder / "full.h5");
    file.WriteSlab(
        "/field", values.data(),
        {{static_cast<hsize_t>(size), 40000}, {static_cast<hsize_t>(rank), 0}, {1, 40000}});
    file.Close();
  });
  setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, previous);
  EXPECT_TRUE(Says(sentence, "full.h5: cannot")) << sentence;
}

}  // namespace
}  // namespace symwave::io
