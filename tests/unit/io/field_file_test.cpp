#include "io/field_file.hpp"

#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "io/field_series.hpp"
#include "io/hdf5.hpp"
#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Content;
using testing_files::Says;
using testing_files::TestFolder;

float Value(int i, int j) {
  return static_cast<float>(100 * i + j);
}

TEST(FieldFile, WritesTwoPlanesWithXFastest) {
  const TestFolder folder;
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int size = base::Communicator::SizeOf(MPI_COMM_WORLD);
  std::vector<double> x, y;
  for (int i = 0; i < 7; ++i) x.push_back(-1.5 + 0.5 * i);
  for (int j = 0; j < 3; ++j) y.push_back(0.25 + 0.125 * j);
  const int begin = 7 * rank / size;
  const int end = 7 * (rank + 1) / size;
  FieldArray index{"index", "1", {}};
  FieldArray field{"Ez_re", "", {}};
  for (int i = begin; i < end; ++i) {
    for (int j = 0; j < 3; ++j) {
      index.values.push_back(Value(i, j));
      field.values.push_back(-Value(i, j));
    }
  }
  const std::string stem = folder / "field";
  WriteField(MPI_COMM_WORLD, stem, x, y, begin, end, {index, field}, 2.5);

  const Hdf5File file = Hdf5File::OpenRead(MPI_COMM_WORLD, stem + ".hdf");
  EXPECT_EQ(file.ReadTextAttribute("/VTKHDF", "Type"), "ImageData");
  EXPECT_EQ(file.ReadAttribute<std::int64_t>("/VTKHDF", "WholeExtent"),
            (std::vector<std::int64_t>{0, 6, 0, 2, 0, 1}));
  EXPECT_EQ(file.ReadAttribute<double>("/VTKHDF", "Origin"), (std::vector<double>{-1.5, 0.25, 0}));
  EXPECT_EQ(file.Extent("/VTKHDF/PointData/index"), (Shape{2, 3, 7}));
  const auto read = file.Read<float>("/VTKHDF/PointData/index");
  const auto negative = file.Read<float>("/VTKHDF/PointData/Ez_re");
  for (int z = 0; z < 2; ++z) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 7; ++i) {
        ASSERT_EQ(read[(z * 3 + j) * 7 + i], Value(i, j));
        ASSERT_EQ(negative[(z * 3 + j) * 7 + i], -Value(i, j));
      }
    }
  }
  const std::string xdmf = Content(stem + ".xmf");
  EXPECT_TRUE(Says(xdmf, "Dimensions=\"1 3 7\""));
  EXPECT_TRUE(Says(xdmf, "field.hdf:/VTKHDF/PointData/Ez_re"));
  EXPECT_FALSE(std::filesystem::exists(stem + ".hdf.tmp"));
}

/// A frame of a plane, all of which rank 0 holds.
FieldFrame PlaneFrame(long number, const std::vector<std::string>& names) {
  FieldFrame frame;
  frame.mesh = "field";
  frame.number = number;
  frame.time = static_cast<double>(number);
  frame.time_unit = "um/c";
  frame.coordinates = {std::vector<double>{0, 1, 2}, {0, 1}, {0}};
  if (base::Communicator::RankIn(MPI_COMM_WORLD) == 0) frame.part = {{0, 0, 0}, {3, 2, 1}};
  for (const std::string& name : names) {
    frame.arrays.push_back(
        {name, "1", std::vector<float>(static_cast<size_t>(frame.part.Points()), 1)});
  }
  return frame;
}

TEST(FieldSeries, SaysWhereARunGoesOnWithOtherArrays) {
  const TestFolder before, after;
  FieldSeries({before / "", "", true, 0}).Show(MPI_COMM_WORLD, PlaneFrame(1, {"Ez"}));
  base::ClearWarnings();
  FieldSeries same({after / "", before / "", true, 0});
  same.Show(MPI_COMM_WORLD, PlaneFrame(2, {"Ez"}));
  EXPECT_TRUE(base::Warnings().empty());
  FieldSeries other({after / "", before / "", true, 0});
  other.Show(MPI_COMM_WORLD, PlaneFrame(3, {"Ez", "Hx"}));
  other.Show(MPI_COMM_WORLD, PlaneFrame(4, {"Ez", "Hx"}));
  ASSERT_EQ(base::Warnings().size(), 1U);
  EXPECT_TRUE(Says(base::Warnings()[0], "hold Ez, those from here on Ez, Hx"));
}

}  // namespace
}  // namespace symwave::io
