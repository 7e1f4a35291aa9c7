#include "io/csv_reader.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Says;
using testing_files::Sentence;

std::string Error(const std::string& text, CsvHeader header = CsvHeader::Detect) {
  return Sentence([&] { ParseNumericCsv(text, "d.csv", header); });
}

TEST(CsvReader, ReadsNumbersWithTheirLines) {
  const auto table = ParseNumericCsv(
      "\xEF\xBB\xBF"
      "a, \"b\"\r\n# note\r\n1, 2\r\n\r\n+3,-4e-1\r\n",
      "d.csv", CsvHeader::Detect);
  EXPECT_EQ(table.header, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[1], (std::vector<double>{3, -0.4}));
  EXPECT_EQ(table.lines, (std::vector<int>{3, 5}));
}

TEST(CsvReader, HeaderIsFoundOrTold) {
  EXPECT_EQ(ParseNumericCsv("1,2\n3,4\n", "d", CsvHeader::Detect).rows.size(), 2u);
  EXPECT_EQ(ParseNumericCsv("1,2\n3,4\n", "d", CsvHeader::Present).rows.size(), 1u);
  EXPECT_EQ(ParseNumericCsv("150,4,setosa\n3,4\n", "d", CsvHeader::Detect).header.size(), 3u);
}

TEST(CsvReader, SentencesNameFileAndLine) {
  EXPECT_EQ(Error("1,2\n3,x\n"), "d.csv:2: column 2 holds \"x\", not a number");
  EXPECT_EQ(Error("1,2\n3,nan\n"), "d.csv:2: column 2 holds \"nan\", not a finite number");
  EXPECT_EQ(Error("1,2\n3,1e999\n"), "d.csv:2: column 2 holds \"1e999\", not a finite number");
  EXPECT_EQ(Error("1,2\n\n3,4,5\n"), "d.csv:3: 3 columns, but line 1 has 2");
  EXPECT_EQ(Error("1,2\n3,\n"), "d.csv:2: column 2 holds \"\", not a number");
  EXPECT_TRUE(Says(Error("a,2\n", CsvHeader::None), "d.csv:1: column 1"));
  EXPECT_EQ(Error(""), "d.csv: the file holds no rows of numbers");
  EXPECT_EQ(Error("a,b\n"), "d.csv: the file holds no rows of numbers");
  EXPECT_TRUE(Says(Error(std::string("1\0", 2)), "not a text file"));
}

}  // namespace
}  // namespace symwave::io
