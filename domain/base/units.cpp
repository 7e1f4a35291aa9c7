#include "domain/base/units.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"

namespace symwave::base {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kLightMicrometreTerahertz = 299.792458;              // c
constexpr double kPhotonMicrometreElectronvolt = 1.2398419843320026;  // h c, exact by CODATA 2018

/// value_in_unit = number * factor / divisor; two numbers, so that 220 nm is 0.22 um to the last
/// bit. Of a frequency or an energy: factor / (number * divisor).
struct Scale {
  std::string symbol;
  double factor;
  double divisor;
  bool inverse = false;
};

const std::vector<Scale>& Scales(Unit unit) {
  static const std::vector<Scale> one{};
  static const std::vector<Scale> length{
      {"um", 1, 1}, {"nm", 1, 1000}, {"mm", 1000, 1}, {"m", 1e6, 1}};
  static const std::vector<Scale> radian{{"rad", 1, 1}, {"deg", kPi, 180}};
  static const std::vector<Scale> degree{{"deg", 1, 1}, {"rad", 180, kPi}};
  static const std::vector<Scale> second{
      {"s", 1, 1}, {"ms", 1, 1000}, {"min", 60, 1}, {"h", 3600, 1}};
  static const std::vector<Scale> brief{
      {"s", 1, 1}, {"ms", 1, 1e3}, {"us", 1, 1e6}, {"ns", 1, 1e9}, {"ps", 1, 1e12}};
  static const std::vector<Scale> byte{
      {"B", 1, 1}, {"kB", 1e3, 1}, {"MB", 1e6, 1}, {"GB", 1e9, 1}, {"TB", 1e12, 1}};
  static const std::vector<Scale> byte_rate{{"B/s", 1, 1}, {"MB/s", 1e6, 1}, {"GB/s", 1e9, 1}};
  // c = 0.299792458 um/fs; photon energy over hbar c = 0.1973269804 eV um (CODATA 2018).
  static const std::vector<Scale> time{
      {"um", 1, 1}, {"mm", 1000, 1}, {"fs", 0.299792458, 1}, {"ps", 299.792458, 1}};
  static const std::vector<Scale> wave_number{
      {"1/um", 1, 1}, {"eV", 1, 0.1973269804}, {"rad/s", 1, 299792458e6}};
  static const std::vector<Scale> wavelength = [] {
    std::vector<Scale> all = length;
    all.push_back({"THz", kLightMicrometreTerahertz, 1, true});
    all.push_back({"GHz", 1000 * kLightMicrometreTerahertz, 1, true});
    all.push_back({"PHz", kLightMicrometreTerahertz, 1000, true});
    all.push_back({"eV", kPhotonMicrometreElectronvolt, 1, true});
    all.push_back({"meV", 1000 * kPhotonMicrometreElectronvolt, 1, true});
    return all;
  }();
  switch (unit) {
    case Unit::Micrometre:
      return length;
    case Unit::Wavelength:
      return wavelength;
    case Unit::Radian:
      return radian;
    case Unit::Degree:
      return degree;
    case Unit::Second:
      return second;
    case Unit::Short:
      return brief;
    case Unit::Byte:
      return byte;
    case Unit::BytePerSecond:
      return byte_rate;
    case Unit::Time:
      return time;
    case Unit::InverseMicrometre:
      return wave_number;
    case Unit::One:
      break;
  }
  return one;
}

bool IsLength(const std::string& symbol) {
  const auto& all = Scales(Unit::Micrometre);
  return std::any_of(all.begin(), all.end(),
                     [&](const Scale& scale) { return scale.symbol == symbol; });
}

std::string Trim(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string NumberExpected(const std::string& given, Unit unit) {
  if (unit == Unit::One) return fmt::format("\"{}\" is not a number", given);
  return fmt::format("\"{}\" is not a number with one of the units {} (a bare number is in {})",
                     given, Joined(AllowedSymbols(unit)), Symbol(unit));
}

double Converted(double number, std::string symbol, const std::string& given, Unit unit) {
  if (symbol.empty()) return number;
  for (const char* micro : {"\xC2\xB5m", "\xCE\xBCm"}) {  // the micro sign and the Greek letter
    if (symbol == micro) symbol = "um";
  }
  for (const Scale& scale : Scales(unit)) {
    if (scale.symbol != symbol) continue;
    if (!scale.inverse) return number * scale.factor / scale.divisor;
    if (!(number > 0)) Fail("\"{}\" must be positive", given);
    return scale.factor / (number * scale.divisor);
  }
  if (unit == Unit::One) Fail("\"{}\" must be a plain number without a unit", given);
  const auto allowed = AllowedSymbols(unit);
  const std::string nearest = Nearest(symbol, allowed);
  Fail("\"{}\" has the unknown unit {}{}; allowed units: {}", given, symbol,
       nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest), Joined(allowed));
}

}  // namespace

std::string Symbol(Unit unit) {
  return Scales(unit).empty() ? "" : Scales(unit).front().symbol;
}

std::vector<std::string> AllowedSymbols(Unit unit) {
  std::vector<std::string> symbols;
  for (const Scale& scale : Scales(unit)) symbols.push_back(scale.symbol);
  return symbols;
}

bool IsFrequency(const std::string& text) {
  const std::string given = Trim(text);
  const auto& scales = Scales(Unit::Wavelength);
  return std::any_of(scales.begin(), scales.end(), [&given](const Scale& scale) {
    const size_t length = scale.symbol.size();
    if (!scale.inverse || given.size() <= length) return false;
    const size_t start = given.size() - length;
    const bool longer = std::isalpha(static_cast<unsigned char>(given[start - 1])) != 0;
    return !longer && given.compare(start, length, scale.symbol) == 0;
  });
}

double Decibel(double ratio) {
  return ratio > 0 ? 10 * std::log10(ratio) : -std::numeric_limits<double>::infinity();
}

double Terahertz(double wavelength_um) {
  return kLightMicrometreTerahertz / wavelength_um;
}

double ParseQuantity(const std::string& text, Unit unit) {
  const std::string given = Trim(text);
  const char* begin = given.data();
  const char* const end = begin + given.size();
  if (begin != end && *begin == '+') ++begin;
  double number = 0;
  const auto [rest, status] = std::from_chars(begin, end, number);
  if (status == std::errc::result_out_of_range) {
    Fail("\"{}\" does not fit into a double-precision number", given);
  }
  std::string lower = given.substr(0, 5);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool named =
      lower.find("nan") != std::string::npos || lower.find("inf") != std::string::npos;
  if (named || (status == std::errc() && !std::isfinite(number))) {
    Fail("\"{}\" is not a finite number", given);
  }
  if (status != std::errc()) throw UserError(NumberExpected(given, unit));
  const double value = Converted(number, Trim(std::string(rest, end)), given, unit);
  if (!std::isfinite(value)) Fail("\"{}\" does not fit into a double-precision number", given);
  return value;
}

std::optional<double> UnitRatio(const std::string& from, const std::string& to) {
  for (int unit = 0; unit <= static_cast<int>(Unit::BytePerSecond); ++unit) {
    const Scale *one = nullptr, *other = nullptr;
    for (const Scale& scale : Scales(static_cast<Unit>(unit))) {
      if (scale.symbol == from && !scale.inverse) one = &scale;
      if (scale.symbol == to && !scale.inverse) other = &scale;
    }
    // The way of light is a time by convention; lengths have nothing to do with it.
    if (unit == static_cast<int>(Unit::Time) && IsLength(from) != IsLength(to)) continue;
    if (one && other) return one->factor * other->divisor / (one->divisor * other->factor);
  }
  return std::nullopt;
}

std::string FormatQuantity(double value, Unit unit) {
  const std::string symbol = Symbol(unit);
  return fmt::format("{}{}{}", value, symbol.empty() ? "" : " ", symbol);
}

}  // namespace symwave::base
