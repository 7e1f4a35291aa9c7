#include "io/index_file.hpp"

#include <gtest/gtest.h>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Says;
using testing_files::Sentence;

std::string Error(const std::string& text) {
  return Sentence([&] { ParseIndexFile(text, "t.csv"); });
}

TEST(IndexFile, ReadsSeparatorsUnitsAndOrders) {
  for (const char* text : {"1.5,3.5,0.1\n1.6,3.4,0.2\n", "1.6;3.4;0.2\n1.5;3.5;0.1\n",
                           "# a\n1.5 3.5 0.1\n1.6 3.4 .2\n", "wl,n,k\n1.5,3.5,0.1\n1.6,3.4,0.2\n",
                           "Wavelength (nm)\tn\tk\n1500\t3.5\t0.1\n1600\t3.4\t0.2\n",
                           "n,k,lambda [nm]\n3.5,0.1,1500\n3.4,.2,1600\n",
                           "wl,n\n1.5,3.5\n1.6,3.4\n\nwl,k\n1.5,.1\n1.6,.2\n",
                           "Frequency (THz),n,k\n199.861638666667,3.5,.1\n187.37028625,3.4,.2\n"}) {
    const auto rows = ParseIndexFile(text, "t.csv").Rows();
    ASSERT_EQ(rows.size(), 2u) << text;
    EXPECT_NEAR(rows[0].wavelength_um, 1.5, 1e-9) << text;
    EXPECT_EQ(rows[0].index, std::complex<double>(3.5, 0.1)) << text;
    EXPECT_EQ(rows[1].index, std::complex<double>(3.4, 0.2)) << text;
  }
  EXPECT_EQ(ParseIndexFile("1.5,3.5\n1.6,3.4\n", "t").Rows()[1].index, 3.4);
}

TEST(IndexFile, SentencesNameFileAndLine) {
  EXPECT_TRUE(Says(Error("1500,3.5,0\n1600,3.4,0\n"), "t.csv:1: a wavelength of 1500 um"));
  EXPECT_TRUE(Says(Error("1500,3.5,0\n1600,3.4,0\n"), "wavelength (nm), n, k"));
  EXPECT_TRUE(Says(Error("1.5,3.5,x\n"), "t.csv:1: column 3 holds \"x\", not a number"));
  EXPECT_TRUE(Says(Error("1.5,nan,0\n"), "not a finite number"));
  EXPECT_TRUE(Says(Error("1.5;3,5;0\n"), "write a decimal point"));
  EXPECT_TRUE(Says(Error("a,b\n1,2\n"), "t.csv:1: this line is no row of numbers, and no header"));
  EXPECT_TRUE(Says(Error("f,n\n1,2\n"), "needs a unit: THz"));
  EXPECT_TRUE(Says(Error("1.5,3.5,0,1\n"), "t.csv:1: 4 columns"));
  EXPECT_TRUE(Says(Error("1.5\n"), "t.csv:1: 1 column,"));
  EXPECT_TRUE(Says(Error("1.5,3.5,-0.1\n1.6,3.5,0\n"), "amplifies"));
  EXPECT_TRUE(
      Says(Error("wl,n\n1.5,3\n1.6,3\nwl,k\n1.5,0\n1.7,0\n"), "t.csv:6: k stands at 1.7 um"));
  EXPECT_TRUE(Says(Error("wl,n\n1.5,3\n1.6,3\nwl,k\n1.5,0\n"), "ends after 1 of 2"));
  EXPECT_TRUE(Says(Error(""), "t.csv: the file holds no row"));
  EXPECT_TRUE(Says(Error("1.5,3.5\n"), "1 row of an index"));
}

}  // namespace
}  // namespace symwave::io
