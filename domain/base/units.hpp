// Quantities with units as a user writes them: "0.5 um", "220 nm", "90 deg", "1e-3".
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace symwave::base {

/// The unit of a value inside the program; a bare number is in this unit.
/// Time: the way of light in vacuum meanwhile; InverseMicrometre: angular frequency over the speed
/// of light, 2 pi / wavelength; Wavelength: in vacuum, also written as frequency or photon energy.
enum class Unit {
  One,
  Micrometre,
  Radian,
  Degree,
  Second,
  Short,  ///< a wall-clock time in seconds, far below one
  Time,
  InverseMicrometre,
  Wavelength,
  Byte,
  BytePerSecond
};

/// Symbol of the unit: "", "um", "rad", "deg", "s", "s", "um", "1/um", "um", "B", "B/s".
std::string Symbol(Unit unit);

/// Symbols that may be written after a number of this unit, the unit itself first.
std::vector<std::string> AllowedSymbols(Unit unit);

/// Whether the text is a frequency or a photon energy, to which a wavelength is inverse.
bool IsFrequency(const std::string& text);

/// Frequency [THz] of a vacuum wavelength [um], and the reverse.
double Terahertz(double wavelength_um);

/// 10 log10 of a ratio of powers; minus infinity for none.
double Decibel(double ratio);

/// The number in `unit`. UserError (not a number, NaN or infinite, unknown unit with the allowed
/// ones and the nearest); the caller puts the place in front.
double ParseQuantity(const std::string& text, Unit unit);

/// What one `from` is in `to`, such as 0.001 um of a nm; none where no quantity has both units.
std::optional<double> UnitRatio(const std::string& from, const std::string& to);

/// Shortest text that reads back as the same number, with its unit: "0.05 um".
std::string FormatQuantity(double value, Unit unit);

}  // namespace symwave::base
