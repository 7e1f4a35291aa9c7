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
  for (const char* text :
       {"1.5,3.5,0.1\n1.6,3.4,0.2\n", "1.6;3.4;0.2\n1.5;3.5;0.1\n",
        "# a\n1.5 3.5 0.1\n1.6 3.4 .2\n", "wl,n,k\n1.5,3.5,0.1\n1.6,3.4,0.2\n",
        "Wavelength (nm)\tn\tk\n1500\t3.5\t0.1\n1600\t3.4\t0.2\n",
        "n,k,lambda [nm]\n3.5,0.1,1500\n3.4,.2,1600\n",
        "wl,n\n1.5,3.5\n1.6,3.4\n\nwl,k\n1.5,.1\n1.6,.2\n",
        "Frequency (THz),n,k\n199.861638666667,3.5,.1\n187.37028625,3.4,.2\n",
        // Headers as programs and sites write them, also behind comment signs.
        "# Wavelength (nm), n, k\n1500, 3.5, .1\n1600, 3.4, .2\n",
        "% wavelength_nm n k\n1500 3.5 .1\n1600 3.4 .2\n",
        "# silicon\n# Energy (eV) n k\n.826561322888 3.5 .1\n.774901240207 3.4 .2",
        "Wavelength (micron) n k\n1.5 3.5 .1\n1.6 3.4 .2\n",
        "Wavelength, \xC2\xB5m\tn\tk\n1.5\t3.5\t.1\n1.6\t3.4\t.2\n",
        "Wavelength, nm, n, k\n1500,3.5,.1\n1600,3.4,.2\n",
        "Wavelength (\xC3\x85); n; k\n15000;3.5;.1\n16000;3.4;.2\n",
        "Wavelength (A),n,k\n15000,3.5,.1\n16000,3.4,.2\n",
        "lambda/nm,Re(n),Im(n)\n1500,3.5,.1\n1600,3.4,.2\n",
        "vacuum wavelength [m],refractive index,extinction coefficient\r\n"
        "1.5e-6,3.5,.1\r\n1.6e-6,3.4,.2\r\n",
        "Wavenumber (cm^-1),n,k\n6666.6666666667,3.5,.1\n6250,3.4,.2\n",
        "# Wavenumber (1/um), n, k\n0.66666666666667,3.5,.1\n.625,3.4,.2\n",
        "freq (Hz) n k\n1.99861638666667e14 3.5 .1\n1.8737028625e14 3.4 .2\n",
        "omega (rad/s),n,k\n1.2557677115392356e15,3.5,.1\n1.1772822295680332e15,3.4,.2\n",
        "wavelength,n,k\num,,\n1.5,3.5,.1\n1.6,3.4,.2\n",
        "\xEF\xBB\xBFwl,n\r\n1.5,3.5\r\n1.6,3.4\r\n\r\nwl,k\r\n1.5,.1\r\n1.6,.2",
        "wl eps1 eps2\n1.5 12.24 0.7\n1.6 11.52 1.36\n",
        "lambda_um,eps_re,eps_im\n1.5,12.24,0.7\n1.6,11.52,1.36\n",
        "\"wvl\",\"n\",\"k\",\n1.5,3.5,.1,\n1.6,3.4,.2,\n"}) {
    const auto rows = ParseIndexFile(text, "t.csv").Rows();
    ASSERT_EQ(rows.size(), 2u) << text;
    EXPECT_NEAR(rows[0].wavelength_um, 1.5, 1e-9) << text;
    EXPECT_LT(std::abs(rows[0].index - std::complex<double>(3.5, 0.1)), 1e-14) << text;
    EXPECT_LT(std::abs(rows[1].index - std::complex<double>(3.4, 0.2)), 1e-14) << text;
  }
  EXPECT_EQ(ParseIndexFile("1.5,3.5\n1.6,3.4\n", "t").Rows()[1].index, 3.4);
}

/// Text that says nothing about the columns, and wavelengths in um, need no header.
TEST(IndexFile, CommentsAreLeftAlone) {
  for (const char* comment : {"# Green 2008, silicon at 300 K", "# n and k at a wavelength in um",
                              "// made in 2021, see [1]", "% E. D. Palik", "#", "# wl, n"}) {
    const auto rows = ParseIndexFile(std::string(comment) + "\n1.5,3.5\n1.6,3.4\n", "t").Rows();
    EXPECT_EQ(rows[0].wavelength_um, 1.5) << comment;
  }
}

TEST(IndexFile, SentencesNameFileAndLine) {
  EXPECT_TRUE(Says(Error("1500,3.5,0\n1600,3.4,0\n"), "t.csv:1: a wavelength of 1500 um"));
  EXPECT_TRUE(Says(Error("1500,3.5,0\n1600,3.4,0\n"), "wavelength (nm), n, k"));
  EXPECT_TRUE(Says(Error("1.5,3.5,x\n"), "t.csv:1: column 3 holds \"x\", not a number"));
  EXPECT_TRUE(Says(Error("1.5,nan,0\n"), "not a finite number"));
  EXPECT_TRUE(Says(Error("1.5;3,5;0\n"), "write decimal points (3.5)"));
  EXPECT_TRUE(Says(Error("1,5;3,5;0\n"), "t.csv:1: \"1,5\" is written with a decimal comma"));
  EXPECT_TRUE(Says(Error("1,55 3,47 0,01\n"), "decimal comma"));
  EXPECT_TRUE(Says(Error("\"1,55\",\"3,47\"\n"), "decimal comma"));
  EXPECT_TRUE(
      Says(Error("a,b\n1,2\n"), "t.csv:1: this line is no row of numbers, and the heading"));
  EXPECT_TRUE(Says(Error("wl,n,k,source\n1,2,0,x\n"), "the heading \"source\" is not known"));
  EXPECT_TRUE(Says(Error("Silicon\nwl,n\n1,2\n"), "begin lines of text with #"));
  EXPECT_TRUE(Says(Error("Wavelength (furlong),n\n1,2\n"), "with \"furlong\" is not known"));
  EXPECT_TRUE(Says(Error("# Wavelength (furlong), n\n1,2\n"), "reads like a header"));
  EXPECT_TRUE(Says(Error("f,n\n1,2\n"), "\"f\" needs a unit: columns are"));
  EXPECT_TRUE(Says(Error("# Energy, n, k\n1,2,0\n"), "\"Energy\" needs a unit"));
  EXPECT_TRUE(Says(Error("omega (THz),n\n1,2\n"), "unit (THz) of something else"));
  EXPECT_TRUE(Says(Error("wl,wavelength_nm,n\n1,2,3\n"), "name the same quantity"));
  EXPECT_TRUE(Says(Error("# wavelength in nm\n1.5,3.5\n"), "the comment at t.csv:1 speaks of"));
  EXPECT_TRUE(Says(Error("# column 1: frequency\n1.5,3.5\n"), "the comment at t.csv:1"));
  EXPECT_TRUE(Says(Error("wl,k\n1.5,0\n"), "names k without n"));
  EXPECT_TRUE(Says(Error("wl,n\n1.5,3,0\n"), "t.csv:2: 3 columns, but the header names 2"));
  EXPECT_TRUE(Says(Error("wl,n\n1.5,3.5+0.1j\n"), "columns of their own"));
  EXPECT_TRUE(Says(Error("1.93e14 3.5 0\n"), "frequency (Hz), n, k"));
  EXPECT_TRUE(Says(Error("1.55e-6 3.5 0\n"), "wavelength (m), n, k"));
  EXPECT_TRUE(Says(Error("REFERENCES: x\n"), "take its CSV"));
  EXPECT_TRUE(Says(Error("omega (rad/s) n\n9e11 3.5\n"), "is rad/s the unit?"));
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
