// A picture of coloured pixels with text and lines, and its file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace symwave::io::insitu {

using Colour = std::array<std::uint8_t, 3>;  // red, green, blue

/// Pixel (0, 0) is the upper left one; what lies outside is not drawn.
class Canvas {
 public:
  Canvas(int width, int height, Colour background);

  int Width() const { return width_; }
  int Height() const { return height_; }
  void Set(int x, int y, Colour colour);
  void Fill(int x, int y, int width, int height, Colour colour);
  void Frame(int x, int y, int width, int height, Colour colour);
  /// Letters of 5 x 7 pixels, six apart, each pixel `size` wide; the upper left corner is given.
  /// ASCII and the micro sign; other letters are shown as question marks.
  void Text(int x, int y, int size, const std::string& text, Colour colour);

  static int TextWidth(int size, const std::string& text);

  /// The bytes of a PNG file.
  std::string Png() const;

 private:
  int width_;
  int height_;
  std::vector<std::uint8_t> pixels_;  // three bytes each, row by row
};

}  // namespace symwave::io::insitu
