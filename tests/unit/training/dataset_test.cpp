#include "training/dataset.hpp"

#include <gtest/gtest.h>

#include "domain/base/error.hpp"

namespace symwave::training {
namespace {

Dataset Read(const std::string& text, io::CsvHeader header = io::CsvHeader::Detect) {
  return MakeDataset(io::ParseNumericCsv(text, "d.csv", header));
}

std::string Complaint(const std::string& text) {
  try {
    Read(text);
  } catch (const base::UserError& error) {
    return error.what();
  }
  return "no complaint";
}

void ExpectComplaint(const std::string& text, const std::string& place, const std::string& part) {
  const std::string complaint = Complaint(text);
  EXPECT_EQ(complaint.rfind(place, 0), 0u) << complaint;
  EXPECT_NE(complaint.find(part), std::string::npos) << complaint;
}

TEST(Dataset, ReadsIris) {
  DataOptions options;
  options.file = "inputs/data/iris.csv";
  const Dataset data = ReadDataset(MPI_COMM_WORLD, options);
  EXPECT_EQ(data.features.rows(), 150);
  EXPECT_EQ(data.features.cols(), 4);
  EXPECT_EQ(data.classes, (std::vector<std::string>{"setosa", "versicolor", "virginica"}));
  EXPECT_EQ(data.labels.front(), 0);
  EXPECT_EQ(data.labels.back(), 2);
  EXPECT_DOUBLE_EQ(data.features(0, 0), 5.1);
}

TEST(Dataset, AcceptsPlainHeadersAndNone) {
  EXPECT_EQ(Read("a,b,label\n1,2,0\n3,4,0\n5,6,1\n7,8,1\n").features.rows(), 4);
  EXPECT_EQ(Read("1,2,0\n3,4,0\n5,6,1\n7,8,1\n").features.rows(), 4);
  EXPECT_EQ(Read("1,2,0\n3,4,0\n5,6,1\n7,8,1\n").classes.size(), 2u);
}

TEST(Dataset, AcceptsFewerAnnouncedCellsThanColumns) {
  const Dataset data = Read("4,3,no,yes\n1,2,3,0\n3,4,5,0\n5,6,7,1\n7,8,9,1\n");
  EXPECT_EQ(data.classes, (std::vector<std::string>{"no", "yes"}));
}

TEST(Dataset, SaysWhatIsWrongAndWhere) {
  ExpectComplaint("", "d.csv", "");
  ExpectComplaint("a,b,label\n", "d.csv", "");
  ExpectComplaint("1,2,0\n1,x,0\n1,2,1\n1,2,1\n", "d.csv:2", "x");
  ExpectComplaint("1,2,0\n1,nan,0\n1,2,1\n1,2,1\n", "d.csv:2", "nan");
  ExpectComplaint("1,2,0\n1,2,0\n1,inf,1\n1,2,1\n", "d.csv:3", "inf");
  ExpectComplaint("1,2,0\n1,2,0\n1,2,1\n1,1\n", "d.csv:4", "");
  ExpectComplaint("1,2,0\n1,2,-1\n1,2,1\n1,2,1\n", "d.csv:2", "negative");
  ExpectComplaint("1,2,0\n1,2,0.5\n1,2,1\n1,2,1\n", "d.csv:2", "not an integer");
  ExpectComplaint("1,2,0\n1,2,0\n1,2,1\n1,2,7\n", "d.csv:4", "out of range");
  ExpectComplaint("4,2,a,b\n1,2,0\n1,2,0\n1,2,1\n1,2,2\n", "d.csv:5", "announces 2 classes");
  ExpectComplaint("5,2,a,b\n1,2,0\n1,2,0\n1,2,1\n1,2,1\n", "d.csv:1", "announces 5 samples");
  ExpectComplaint("4,3,a,b\n1,2,0\n1,2,0\n1,2,1\n1,2,1\n", "d.csv:1", "announces 3 features");
  ExpectComplaint("1,2,0\n1,2,0\n1,2,1\n", "d.csv", "each class needs two");
  ExpectComplaint("1,2,0\n1,2,0\n", "d.csv", "one class");
  ExpectComplaint("0\n0\n1\n1\n", "d.csv:1", "feature");
}

TEST(Dataset, MissingFileIsASentenceOnEveryRank) {
  DataOptions options;
  options.file = "no/such/file.csv";
  try {
    ReadDataset(MPI_COMM_WORLD, options);
    FAIL();
  } catch (const base::UserError& error) {
    EXPECT_NE(std::string(error.what()).find("no/such/file.csv"), std::string::npos);
  }
}

}  // namespace
}  // namespace symwave::training
