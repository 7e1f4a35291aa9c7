#include "io/insitu/colour_scale.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::io::insitu {

namespace {

using Map = std::array<Colour, 9>;

// Moreland, "Diverging color maps for scientific visualization" (2009), at equal distances.
constexpr Map kCoolToWarm{{{59, 76, 192},
                           {98, 130, 234},
                           {141, 176, 254},
                           {184, 208, 249},
                           {221, 221, 221},
                           {245, 196, 173},
                           {244, 154, 123},
                           {222, 96, 77},
                           {180, 4, 38}}};
// Viridis of van der Walt and Smith, of even steps for the eye.
constexpr Map kViridis{{{68, 1, 84},
                        {71, 44, 122},
                        {59, 81, 139},
                        {44, 113, 142},
                        {33, 144, 141},
                        {39, 173, 129},
                        {92, 200, 99},
                        {170, 220, 50},
                        {253, 231, 37}}};

constexpr Colour kNotFinite{255, 0, 255};

/// The colour at a place from 0 to 1 of a map.
Colour Between(const Map& map, double place) {
  const double at = std::clamp(place, 0.0, 1.0) * (map.size() - 1);
  const size_t first = std::min(static_cast<size_t>(at), map.size() - 2);
  const double part = at - static_cast<double>(first);
  Colour colour{};
  for (size_t k = 0; k < 3; ++k) {
    const double value = map[first][k] + part * (map[first + 1][k] - map[first][k]);
    colour[k] = static_cast<std::uint8_t>(std::lround(value));
  }
  return colour;
}

}  // namespace

double RoundScale(double size) {
  if (size <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(size)));
  // 10 and 20 for sizes whose logarithm has been rounded down.
  for (const double step : {1.0, 2.0, 5.0, 10.0}) {
    if (step * power >= size * (1 - 1e-12)) return step * power;
  }
  return 20 * power;
}

void ColourScale::Note(double value) {
  if (!std::isfinite(value)) return;
  least_ = any_ ? std::min(least_, value) : value;
  largest_ = any_ ? std::max(largest_, value) : value;
  any_ = true;
  if (value < 0) signed_ = true;
}

double ColourScale::Least() const {
  if (fixed_) return least_;
  return signed_ ? -Largest() : 0;
}

double ColourScale::Largest() const {
  if (fixed_) return largest_ > least_ ? largest_ : least_ + 1;
  return RoundScale(std::max(std::abs(least_), std::abs(largest_)));
}

Colour ColourScale::Of(double value) const {
  if (!std::isfinite(value)) return kNotFinite;
  const double place = (value - Least()) / (Largest() - Least());
  return Between(signed_ && !fixed_ ? kCoolToWarm : kViridis, place);
}

Palette::Palette(const ColourScale& scale)
    : least_(static_cast<float>(scale.Least())),
      places_(static_cast<float>(kColours / (scale.Largest() - scale.Least()))) {
  const double step = (scale.Largest() - scale.Least()) / kColours;
  for (int k = 0; k < kColours; ++k) {
    colours_[static_cast<size_t>(k)] = scale.Of(scale.Least() + (k + 0.5) * step);
  }
}

Colour Palette::Of(float value) const {
  if (!std::isfinite(value)) return kNotFinite;
  const float place = std::clamp((value - least_) * places_, 0.0F, kColours - 1.0F);
  return colours_[static_cast<size_t>(place)];
}

}  // namespace symwave::io::insitu
