#include "io/insitu/plane_picture.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace symwave::io::insitu {

namespace {

constexpr Colour kInk{0, 0, 0};
constexpr Colour kPaper{255, 255, 255};
constexpr Colour kOutline{96, 96, 96};
constexpr int kLetter = 6;      // width of a letter in dots, with the gap to the next
constexpr int kLine = 10;       // height of a line in dots, with the gap to the next
constexpr int kOver = 14;       // from a name over an axis or the bar to the plane: ticks end at 4
constexpr int kLabel = 9;       // letters of the longest label
constexpr double kNone = 0.01;  // relative difference of permittivities that has no outline

/// Where permittivity passes between its two ends: the geometric mean, as media differ by factors.
double OutlineLevel(const std::vector<float>& values) {
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  const double low = *least;
  const double high = *largest;
  if (high - low <= kNone * std::max(std::abs(low), std::abs(high))) return NAN;
  return low > 0 ? std::sqrt(low * high) : (low + high) / 2;
}

void DrawValues(Canvas& canvas, const PictureLayout& layout, const PlaneContent& content,
                const Palette& palette) {
  for (int row = 0; row < layout.height; ++row) {
    for (int column = 0; column < layout.width; ++column) {
      const float value = content.values[static_cast<size_t>(row) * layout.width + column];
      canvas.Set(layout.left + column, layout.top + layout.height - 1 - row, palette.Of(value));
    }
  }
}

/// Pixels above the level with a neighbour below it.
void DrawOutlines(Canvas& canvas, const PictureLayout& layout, const std::vector<float>& values) {
  if (values.empty()) return;
  const double level = OutlineLevel(values);
  if (std::isnan(level)) return;
  const auto inside = [&](int column, int row) {
    return values[static_cast<size_t>(row) * layout.width + column] > level;
  };
  for (int row = 0; row < layout.height; ++row) {
    for (int column = 0; column < layout.width; ++column) {
      if (!inside(column, row)) continue;
      const bool edge = (column > 0 && !inside(column - 1, row)) ||
                        (column + 1 < layout.width && !inside(column + 1, row)) ||
                        (row > 0 && !inside(column, row - 1)) ||
                        (row + 1 < layout.height && !inside(column, row + 1));
      if (edge) canvas.Set(layout.left + column, layout.top + layout.height - 1 - row, kOutline);
    }
  }
}

/// `label` with its centre line at y and its right end at x.
void TextLeftOf(Canvas& canvas, int x, int y, int size, const std::string& label) {
  canvas.Text(x - Canvas::TextWidth(size, label) + size, y - 7 * size / 2, size, label, kInk);
}

void DrawHorizontalAxis(Canvas& canvas, const PictureLayout& at, const PlaneContent& content) {
  const int bottom = at.top + at.height;
  const int s = at.letters;
  const double length = content.ends[1] - content.ends[0];
  int free_from = 0;
  for (const double tick : Ticks(content.ends[0], content.ends[1], 8)) {
    const double place = length > 0 ? (tick - content.ends[0]) / length : 0.5;
    const int x = at.left + static_cast<int>(std::lround(place * (at.width - 1)));
    canvas.Fill(x, bottom, 1, 2 * s, kInk);
    const std::string label = fmt::format("{:g}", tick);
    const int first = x - Canvas::TextWidth(s, label) / 2;
    if (first < free_from) continue;
    canvas.Text(first, bottom + 3 * s, s, label, kInk);
    free_from = first + Canvas::TextWidth(s, label) + kLetter * s;
  }
  const std::string name = fmt::format("{} [um]", content.axes[0]);
  canvas.Text(at.left + (at.width - Canvas::TextWidth(s, name)) / 2, bottom + (3 + kLine) * s, s,
              name, kInk);
}

void DrawVerticalAxis(Canvas& canvas, const PictureLayout& at, const PlaneContent& content) {
  const int s = at.letters;
  const double length = content.ends[3] - content.ends[2];
  const int most = std::max(2, at.height / (2 * kLine * s));
  for (const double tick : Ticks(content.ends[2], content.ends[3], std::min(most, 8))) {
    const double place = length > 0 ? (tick - content.ends[2]) / length : 0.5;
    const int y = at.top + static_cast<int>(std::lround((1 - place) * (at.height - 1)));
    canvas.Fill(at.left - 2 * s, y, 2 * s, 1, kInk);
    TextLeftOf(canvas, at.left - 3 * s, y, s, fmt::format("{:g}", tick));
  }
  canvas.Text(2 * s, at.top - kOver * s, s, fmt::format("{} [um]", content.axes[1]), kInk);
}

void DrawBar(Canvas& canvas, const PictureLayout& at, const std::string& unit,
             const ColourScale& scale) {
  const int s = at.letters;
  const int left = at.left + at.width + 6 * s;
  const int width = 8 * s;
  const double least = scale.Least();
  const double largest = scale.Largest();
  for (int row = 0; row < at.height; ++row) {
    const double value = least + (row + 0.5) / at.height * (largest - least);
    canvas.Fill(left, at.top + at.height - 1 - row, width, 1, scale.Of(value));
  }
  canvas.Frame(left, at.top, width, at.height, kInk);
  for (const double place : {0.0, 0.5, 1.0}) {
    const double value = least + place * (largest - least);
    const int y = at.top + static_cast<int>(std::lround((1 - place) * (at.height - 1)));
    canvas.Fill(left + width, y, 2 * s, 1, kInk);
    canvas.Text(left + width + 3 * s, y - 7 * s / 2, s, fmt::format("{:.4g}", value), kInk);
  }
  if (!unit.empty() && unit != "1") {
    canvas.Text(left, at.top - kOver * s, s, "[" + unit + "]", kInk);
  }
}

void DrawTitle(Canvas& canvas, const PictureLayout& at, const std::string& title) {
  const int size = Canvas::TextWidth(at.letters, title) <= at.picture_width - 8 ? at.letters : 1;
  canvas.Text(4, 4, size, title, kInk);
}

}  // namespace

PictureLayout::PictureLayout(int picture_width, double horizontal, double vertical)
    : letters(picture_width >= 600 ? 2 : 1), picture_width(picture_width) {
  left = (kLabel - 1) * kLetter * letters;
  top = (2 * kLine + 6) * letters;
  const int right = (6 + 8 + 3 + kLabel * kLetter) * letters;
  const int room = picture_width - left - right;
  const double ratio = horizontal > 0 ? vertical / horizontal : 1;
  const int highest = room * 3 / 2;
  width = ratio > 1.5 ? std::max(60, static_cast<int>(highest / ratio)) : room;
  height = std::clamp(static_cast<int>(std::lround(width * ratio)), 60, highest);
  picture_height = top + height + (3 + 2 * kLine) * letters;
}

Canvas DrawPlane(const PictureLayout& layout, const PlaneContent& content,
                 const ColourScale& scale) {
  Canvas canvas(layout.picture_width, layout.picture_height, kPaper);
  DrawValues(canvas, layout, content, Palette(scale));
  DrawOutlines(canvas, layout, content.outlined);
  canvas.Frame(layout.left - 1, layout.top - 1, layout.width + 2, layout.height + 2, kInk);
  DrawHorizontalAxis(canvas, layout, content);
  DrawVerticalAxis(canvas, layout, content);
  DrawBar(canvas, layout, content.unit, scale);
  DrawTitle(canvas, layout, content.title);
  return canvas;
}

std::vector<double> Ticks(double least, double largest, int most) {
  if (largest <= least) return {least};
  const double step = RoundScale((largest - least) / most);
  std::vector<double> ticks;
  for (double k = std::ceil(least / step - 1e-9); k * step <= largest + 1e-9 * step; ++k) {
    ticks.push_back(k * step + 0.0);  // no minus zero
  }
  return ticks;
}

}  // namespace symwave::io::insitu
