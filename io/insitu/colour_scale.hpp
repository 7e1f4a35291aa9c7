// What colour a value has, and which values stand beside the bar of colours.
#pragma once

#include <array>

#include "io/insitu/canvas.hpp"

namespace symwave::io::insitu {

/// The scale of an array from frame to frame: it only grows.
class ColourScale {
 public:
  /// `fixed`: from least to largest value; otherwise from 0, or about 0 once `may_be_signed` or a
  /// negative value has come.
  ColourScale(bool fixed, bool may_be_signed) : fixed_(fixed), signed_(may_be_signed) {}

  /// Takes note of a value that will be shown; values that are not finite are ignored.
  void Note(double value);

  double Least() const;
  double Largest() const;

  /// Cool to warm about 0, else viridis; magenta for what is not finite.
  Colour Of(double value) const;

 private:
  bool fixed_;
  bool signed_;
  bool any_ = false;
  double least_ = 0;
  double largest_ = 0;
};

/// The colours of a scale as it stands, looked up: a picture has hundreds of thousands of pixels.
class Palette {
 public:
  explicit Palette(const ColourScale& scale);
  /// Within half a thousandth of the scale's length that of ColourScale::Of.
  Colour Of(float value) const;

 private:
  static constexpr int kColours = 1024;
  float least_, places_;  ///< places per value
  std::array<Colour, kColours> colours_{};
};

/// The smallest of 1, 2, 5, 10 ... times a power of ten that is not below `size`; 1 for 0.
double RoundScale(double size);

}  // namespace symwave::io::insitu
