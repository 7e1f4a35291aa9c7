#include "domain/base/units.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/io/test_files.hpp"

namespace symwave::base {
namespace {

using testing_files::Says;
using testing_files::Sentence;

TEST(Units, LengthsAreMicrometresToTheLastBit) {
  EXPECT_EQ(ParseQuantity("0.5", Unit::Micrometre), 0.5);
  EXPECT_EQ(ParseQuantity("220 nm", Unit::Micrometre), 0.22);
  EXPECT_EQ(ParseQuantity(" 220nm ", Unit::Micrometre), 0.22);
  EXPECT_EQ(ParseQuantity("0.388 mm", Unit::Micrometre), 388);
  EXPECT_EQ(ParseQuantity("3 \xC2\xB5m", Unit::Micrometre), 3);
  EXPECT_EQ(ParseQuantity("3 \xCE\xBCm", Unit::Micrometre), 3);
  EXPECT_EQ(ParseQuantity("+1e-3 um", Unit::Micrometre), 1e-3);
  EXPECT_EQ(ParseQuantity("-.5um", Unit::Micrometre), -0.5);
}

TEST(Units, RatiosOfUnitsOfOneQuantity) {
  EXPECT_DOUBLE_EQ(UnitRatio("nm", "um").value(), 1e-3);
  EXPECT_DOUBLE_EQ(UnitRatio("deg", "rad").value(), M_PI / 180);
  EXPECT_DOUBLE_EQ(UnitRatio("ps", "fs").value(), 1000);
  for (const char* other : {"fs", "deg", "THz", "s", "lightyear"}) {
    EXPECT_FALSE(UnitRatio(other, "um")) << other;
  }
}

TEST(Units, AnglesAndTimes) {
  EXPECT_DOUBLE_EQ(ParseQuantity("180 deg", Unit::Radian), M_PI);
  EXPECT_EQ(ParseQuantity("90", Unit::Degree), 90);
  EXPECT_DOUBLE_EQ(ParseQuantity("1 rad", Unit::Degree), 180 / M_PI);
  EXPECT_EQ(ParseQuantity("2 min", Unit::Second), 120);
  EXPECT_DOUBLE_EQ(ParseQuantity("2.5 ns", Unit::Short), 2.5e-9);
  EXPECT_DOUBLE_EQ(ParseQuantity("24 GB", Unit::Byte), 24e9);
  EXPECT_DOUBLE_EQ(ParseQuantity("500 MB/s", Unit::BytePerSecond), 5e8);
}

TEST(Units, WavelengthsAsFrequenciesAndEnergies) {
  // c / f and h c / E.
  EXPECT_NEAR(ParseQuantity("193.5 THz", Unit::Wavelength), 299.792458 / 193.5, 1e-15);
  EXPECT_NEAR(ParseQuantity("0.1935PHz", Unit::Wavelength), 299.792458 / 193.5, 1e-15);
  EXPECT_NEAR(ParseQuantity("193500 GHz", Unit::Wavelength), 299.792458 / 193.5, 1e-15);
  EXPECT_NEAR(ParseQuantity("0.8 eV", Unit::Wavelength), 1.549802480, 1e-9);
  EXPECT_EQ(ParseQuantity("1550 nm", Unit::Wavelength), 1.55);
  EXPECT_EQ(ParseQuantity("299792458e6 rad/s", Unit::InverseMicrometre), 1);
  EXPECT_TRUE(IsFrequency("190 THz") && IsFrequency(" 0.8eV ") && IsFrequency("800 meV"));
  EXPECT_FALSE(IsFrequency("1.55 um") || IsFrequency("1.55") || IsFrequency("THz"));
  EXPECT_TRUE(Says(Sentence([] { ParseQuantity("0 THz", Unit::Wavelength); }), "positive"));
  EXPECT_TRUE(Says(Sentence([] { ParseQuantity("193 Thz", Unit::Wavelength); }), "mean THz?"));
}

TEST(Units, SentencesNameTheUnits) {
  const auto length = [](const char* text) {
    return Sentence([text] { ParseQuantity(text, Unit::Micrometre); });
  };
  EXPECT_EQ(
      length("0.5 umm"),
      "\"0.5 umm\" has the unknown unit umm (did you mean um?); allowed units: um, nm, mm, m");
  EXPECT_TRUE(Says(length("wide"), "not a number with one of the units um, nm, mm, m"));
  EXPECT_TRUE(Says(length(""), "not a number"));
  EXPECT_TRUE(Says(length("nan"), "not a finite number"));
  EXPECT_TRUE(Says(length(".nan"), "not a finite number"));
  EXPECT_TRUE(Says(length("-inf um"), "not a finite number"));
  EXPECT_TRUE(Says(length("1e400"), "double-precision"));
  EXPECT_TRUE(Says(length("1e308 mm"), "double-precision"));
  EXPECT_TRUE(Says(length("0x10"), "unknown unit"));
  EXPECT_TRUE(Says(Sentence([] { ParseQuantity("3 um", Unit::One); }), "without a unit"));
}

TEST(Units, FormattedQuantitiesReadBack) {
  for (const double value : {0.05, 1.0, 1e-9, -3.25, 1.0 / 3, 6.02e23}) {
    EXPECT_EQ(ParseQuantity(FormatQuantity(value, Unit::Micrometre), Unit::Micrometre), value);
  }
  EXPECT_EQ(FormatQuantity(0.05, Unit::Micrometre), "0.05 um");
  EXPECT_EQ(FormatQuantity(2, Unit::One), "2");
}

}  // namespace
}  // namespace symwave::base
