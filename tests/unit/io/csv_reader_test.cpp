#include "io/csv_reader.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Says;
using testing_files::Sentence;

std::string Error(const std::string& text, CsvHeader header = CsvHeader::Detect) {
  return Sentence([&] { ParseCsv(text, "d.csv", header); });
}

using Cells = std::vector<std::string>;

TEST(CsvReader, ReadsCellsWithTheirLines) {
  const auto table = ParseCsv(
      "\xEF\xBB\xBF"
      "a, \"b\"\r\n# note\r\n1, 2\r\n\r\n+3,-4e-1\r\n",
      "d.csv", CsvHeader::Detect);
  EXPECT_EQ(table.header, (Cells{"a", "b"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(RequireCsvNumber(table, 1, 0), 3);
  EXPECT_EQ(RequireCsvNumber(table, 1, 1), -0.4);
  EXPECT_EQ(table.lines, (std::vector<int>{3, 5}));
}

TEST(CsvReader, HeaderIsFoundOrTold) {
  EXPECT_EQ(ParseCsv("1,2\n3,4\n", "d", CsvHeader::Detect).rows.size(), 2u);
  EXPECT_EQ(ParseCsv("1,2\n3,4\n", "d", CsvHeader::Present).rows.size(), 1u);
  EXPECT_EQ(ParseCsv("150,4,setosa\n3,4\n", "d", CsvHeader::Detect).header.size(), 3u);
  // A name in every line is data: the class.
  EXPECT_TRUE(ParseCsv("1,red\n2,blue\n", "d", CsvHeader::Detect).header.empty());
  EXPECT_EQ(ParseCsv("size,colour\n2,blue\n", "d", CsvHeader::Detect).header.size(), 2u);
}

TEST(CsvReader, SeparatorIsFoundOrTold) {
  for (const char* text : {"1;2,5;x y\n", "1\t2,5\tx y\n", "1,\"2,5\",x y\n"}) {
    EXPECT_EQ(ParseCsv(text, "d", CsvHeader::None).rows[0], (Cells{"1", "2,5", "x y"})) << text;
  }
  EXPECT_EQ(ParseCsv("  1   2  3 \n", "d", CsvHeader::None).rows[0], (Cells{"1", "2", "3"}));
  EXPECT_EQ(ParseCsv("1  2 \t 3\n", "d", CsvHeader::None, CsvSeparator::Blank).rows[0],
            (Cells{"1", "2", "3"}));
  EXPECT_EQ(ParseCsv("1,2;3\n", "d", CsvHeader::None, CsvSeparator::Comma).rows[0],
            (Cells{"1", "2;3"}));
  EXPECT_EQ(ParseCsv("1,,3,\n", "d", CsvHeader::None).rows[0], (Cells{"1", "", "3", ""}));
}

TEST(CsvReader, SentencesNameFileAndLine) {
  const auto number = [](const std::string& text) {
    const CsvTable table = ParseCsv(text, "d.csv", CsvHeader::None);
    return Sentence([&] { RequireCsvNumber(table, 1, 1); });
  };
  EXPECT_EQ(number("1,2\n3,x\n"), "d.csv:2: column 2 holds \"x\", not a number");
  EXPECT_EQ(number("1,2\n3,nan\n"), "d.csv:2: column 2 holds \"nan\", not a finite number");
  EXPECT_EQ(number("1,2\n3,1e999\n"), "d.csv:2: column 2 holds \"1e999\", not a finite number");
  EXPECT_EQ(number("1,2\n3,\n"), "d.csv:2: column 2 holds \"\", not a number");
  EXPECT_TRUE(Says(
      number("1;2\n3;2,5\n"),
      "d.csv:2: column 2: \"2,5\" is written with a decimal comma; write decimal points (2.5)"));
  EXPECT_EQ(Error("1,2\n\n3,4,5\n"), "d.csv:3: 3 columns, but line 1 has 2");
  EXPECT_EQ(Error(""), "d.csv: the file holds no rows of data");
  EXPECT_EQ(Error("a,b\n"), "d.csv: the file holds no rows of data");
  EXPECT_TRUE(Says(Error(std::string("1\0", 2)), "not a text file"));
}

}  // namespace
}  // namespace symwave::io
