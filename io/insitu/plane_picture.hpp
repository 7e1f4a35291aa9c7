// The picture of a plane: values in colours, outlines, axes, colour bar and title.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "io/insitu/canvas.hpp"
#include "io/insitu/colour_scale.hpp"

namespace symwave::io::insitu {

/// Where the parts of a picture of some width lie, all in pixels.
struct PictureLayout {
  /// Of a plane of these lengths [um]. Pixels are square, but no plane is flatter than 60 pixels or
  /// more than half as high again as wide.
  PictureLayout(int picture_width, double horizontal, double vertical);

  int letters;                   ///< size of a dot of a letter
  int left, top, width, height;  ///< of the plane
  int picture_width, picture_height;
};

/// What is drawn. Pixel (column, row) at row * width + column, row 0 lowest.
struct PlaneContent {
  std::vector<float> values;
  std::vector<float> outlined;  ///< permittivity; empty: no outlines
  std::array<double, 4> ends;   ///< least and largest position: horizontal, then vertical [um]
  std::array<char, 2> axes;     ///< 'x', 'y'
  std::string title;
  std::string unit;  ///< over the bar of colours; may be empty
};

Canvas DrawPlane(const PictureLayout& layout, const PlaneContent& content,
                 const ColourScale& scale);

/// Multiples of 1, 2 or 5 times a power of ten between two ends, at most `most`.
std::vector<double> Ticks(double least, double largest, int most);

}  // namespace symwave::io::insitu
