#include "training/dataset.hpp"

#include <gtest/gtest.h>

#include "domain/base/error.hpp"

namespace symwave::training {
namespace {

Dataset Read(const std::string& text, const DataOptions& options = {}) {
  return MakeDataset(io::ParseCsv(text, "d.csv", io::CsvHeader::Detect, options.separator),
                     options);
}

std::string Complaint(const std::string& text, const DataOptions& options = {}) {
  try {
    Read(text, options);
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

// Flowers, two of each kind, numbered.
const std::string kNamed =
    "Id;size;kind;weight\n1;5.1;rose;7\n2;5.2;lily;8\n3;5.3;lily;9\n4;5.4;rose;7\n";

TEST(Dataset, TakesClassNamesInAlphabeticalOrStatedOrder) {
  DataOptions options;
  options.label = "kind";
  Dataset data = Read(kNamed, options);
  EXPECT_EQ(data.classes, (std::vector<std::string>{"lily", "rose"}));
  EXPECT_EQ(data.labels, (std::vector<int>{1, 0, 0, 1}));
  EXPECT_EQ(data.feature_names, (std::vector<std::string>{"Id", "size", "weight"}));
  options.classes = {"rose", "lily"};
  data = Read(kNamed, options);
  EXPECT_EQ(data.labels, (std::vector<int>{0, 1, 1, 0}));
  // Of numbers, they are the names.
  DataOptions named;
  named.classes = {"a", "b"};
  EXPECT_EQ(Read("1,0\n2,0\n3,1\n4,1\n", named).classes, (std::vector<std::string>{"a", "b"}));
}

TEST(Dataset, TakesTheColumnsThatItIsTold) {
  DataOptions options;
  options.label = "3";
  options.columns = {"weight", "2"};
  const Dataset data = Read(kNamed, options);
  EXPECT_EQ(data.feature_names, (std::vector<std::string>{"weight", "size"}));
  EXPECT_EQ(data.features(2, 0), 9);
  EXPECT_EQ(data.features(2, 1), 5.3);
  EXPECT_EQ(data.left_out, (std::vector<std::string>{"Id"}));
}

TEST(Dataset, KnowsAColumnThatCountsTheSamples) {
  DataOptions options;
  options.label = "kind";
  const Dataset data = Read(kNamed, options);
  EXPECT_TRUE(CountsSamples(data, 0));
  EXPECT_FALSE(CountsSamples(data, 1));
  EXPECT_TRUE(CountsSamples(Read("0,5,0\n1,5,0\n2,5,1\n3,5,1\n"), 0));
  EXPECT_FALSE(CountsSamples(Read("0,5,0\n2,5,0\n1,5,1\n3,5,1\n"), 0));
}

TEST(Dataset, SaysWhatIsWrongWithColumnsAndClasses) {
  const auto complaint = [](const std::string& label, const std::vector<std::string>& columns,
                            const std::vector<std::string>& classes) {
    DataOptions options;
    options.label = label;
    options.columns = columns;
    options.classes = classes;
    options.where = "x.yaml:3";
    return Complaint(kNamed, options);
  };
  EXPECT_EQ(complaint("knd", {}, {}),
            "x.yaml:3: data.label names the column \"knd\" (did you mean kind?), but d.csv has "
            "columns 1 to 4; its header names Id, size, kind, weight");
  EXPECT_NE(complaint("5", {}, {}).find("columns 1 to 4"), std::string::npos);
  EXPECT_NE(complaint("kind", {"3"}, {}).find("column of the label"), std::string::npos);
  EXPECT_NE(complaint("kind", {"Id", "1"}, {}).find("twice"), std::string::npos);
  EXPECT_EQ(complaint("kind", {}, {"rose", "lilly"}),
            "d.csv:3: the label \"lily\" in column 3 is not a class (did you mean lilly?); "
            "data.classes names 2 classes: rose, lilly");
  EXPECT_EQ(complaint("size", {"Id"}, {}),
            "d.csv:2: the label 5.1 in column 2 is not an integer; classes are numbered 0, 1, 2, "
            "...");
  EXPECT_NE(complaint("kind", {"kind"}, {}).find("column of the label"), std::string::npos);
  ExpectComplaint("1,a\n2,b\n3,1\n4,b\n", "d.csv:4", "");
}

TEST(Dataset, SaysWhatTablesOfOthersMean) {
  // Decimal commas, whatever is between the cells.
  const std::string commas = "\"5,1\" is written with a decimal comma; write decimal points (5.1)";
  ExpectComplaint("a;b;c\n5,1;3,5;x\n4,9;3,0;y\n", "d.csv:2: column 1: ", commas);
  ExpectComplaint("5,1;3,5;0\n4,9;3,0;1\n", "d.csv:1: column 1: ", commas);
  ExpectComplaint("a,b,c\n\"5,1\",\"3,5\",x\n", "d.csv:2: column 1: ", commas);
  ExpectComplaint("a b c\n5,1 3,5 x\n4,9 3,0 y\n", "d.csv:2: ", commas);
  ExpectComplaint("5,1 x\n4,9 y\n", "d.csv:1: ", commas);
  ExpectComplaint("a,b,c\n5,1,3,5,x\n4,9,3,0,y\n", "d.csv: the header names 3 columns",
                  "line 2 has 5; where numbers have decimal commas, write decimal points");
  EXPECT_EQ(Read("1,2, a\n3,4, a\n5,6, b c\n7,8, b c\n").features.cols(), 2);
  // Names of the classes in the first column.
  ExpectComplaint("kind,a\nrose,1\nlily,2\n",
                  "d.csv:2: column 1 holds \"rose\", not a number; if these are the classes, say "
                  "data.label: kind",
                  "");
  ExpectComplaint("rose,1\nlily,2\n", "d.csv:1: column 1", "say data.label: 1;");
  DataOptions options;
  options.label = "weight";
  EXPECT_EQ(Complaint(kNamed, options),
            "d.csv:2: column 3 holds \"rose\", not a number; leave other text out by data.columns");
  // Classes that begin with 1, and names given twice.
  ExpectComplaint("1,1\n2,1\n3,2\n4,2\n5,1\n6,2\n",
                  "d.csv: the labels in the last column are 1 to 2",
                  "numbered from 0: subtract 1 from each");
  ExpectComplaint("4,1,a,a\n1,0\n2,0\n3,1\n4,1\n", "d.csv:1: the header announces \"a\" twice", "");
  options.label = "kind";
  options.classes = {"rose", "lily", "rose"};
  options.where = "x.yaml:3";
  EXPECT_EQ(Complaint(kNamed, options).rfind("x.yaml:3: data.classes names \"rose\" twice", 0), 0u);
}

TEST(Dataset, KeepsSomeClassesInTheirOrder) {
  DataOptions options;
  options.only = {"c", "a"};
  const std::string text = "1,2,a\n3,4,b\n5,6,c\n7,8,a\n9,10,b\n11,12,c\n";
  const Dataset data = Read(text, options);
  EXPECT_EQ(data.classes, options.only);
  EXPECT_EQ(data.labels, (std::vector<int>{1, 0, 1, 0}));
  EXPECT_TRUE((data.features.col(0) == Eigen::Array4d(1, 5, 7, 11)).all());
  options.where = "x.yaml:3";
  options.only = {"a", "d"};
  EXPECT_EQ(
      Complaint(text, options),
      "x.yaml:3: data.only names d, which is no class of d.csv (did you mean a?); classes: a, "
      "b, c");
  options.only = {"a", "a"};
  EXPECT_EQ(Complaint(text, options).rfind("x.yaml:3: data.only names \"a\" twice", 0), 0u);
}

TEST(Dataset, KnowsAConstantColumn) {
  const Dataset data = Read("1,5,0\n2,5,0\n3,5,1\n4,5,1\n");
  EXPECT_FALSE(IsConstant(data, 0));
  EXPECT_TRUE(IsConstant(data, 1));
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
