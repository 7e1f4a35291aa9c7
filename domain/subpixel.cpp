#include "domain/subpixel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"
#include "domain/plane_fill.hpp"

namespace symwave::domain {

namespace {

/// Re eps in the middle of the band, or its lowest value where that is not positive: an average
/// with such a medium resonates inside the band.
double WeightOf(const Medium& medium, const std::array<double, 2>& band) {
  if (medium.poles.empty()) return medium.eps_inf;
  constexpr int kScanned = 64;
  double lowest = std::numeric_limits<double>::infinity();
  for (int n = 0; n <= kScanned; ++n) {
    const double omega = band[0] + (band[1] - band[0]) * n / kScanned;
    lowest = std::min(lowest, medium.Permittivity(omega).real());
  }
  return lowest <= 0 ? lowest : medium.Permittivity(0.5 * (band[0] + band[1])).real();
}

}  // namespace

double Filling::NormalSquared(int axis) const {
  double sum = 0;
  for (const double v : variation) sum += v * v;
  const double own = variation[static_cast<size_t>(axis)];
  return sum > 0 ? own * own / sum : 0;
}

double Filling::NormalProduct() const {
  const double length = std::hypot(variation[0], variation[1], variation[2]);
  if (skew == 0 || length == 0) return 0;
  const double most = variation[0] * variation[1] / (length * length);
  return std::clamp(skew / length, -most, most);
}

SubpixelAverage::SubpixelAverage(std::vector<Medium> media, std::array<double, 2> band)
    : media_(std::move(media)) {
  for (const Medium& medium : media_) {
    base::Require(band[0] > 0 || medium.poles.empty(), "a frequency for media with poles");
    eps_.push_back(WeightOf(medium, band));
    averaged_.push_back(eps_.back() > 0 ? eps_.back() : medium.eps_inf);
    const auto& [x, y, z] = medium.anisotropy;
    if (medium.Anisotropic()) eps_.back() *= (x + y + z) / 3;
  }
}

int SubpixelAverage::NumberOf(const std::string& material) const {
  std::string names;
  for (size_t m = 0; m < media_.size(); ++m) {
    if (media_[m].name == material) return static_cast<int>(m);
    names += (names.empty() ? "" : ", ") + media_[m].name;
  }
  base::Fail("the structure contains {}, but no medium has this name; the media are {}", material,
             names);
}

EffectiveMedium SubpixelAverage::Of(size_t medium, int axis) const {
  const double along = media_[medium].anisotropy[static_cast<size_t>(axis)];
  EffectiveMedium result{along * media_[medium].eps_inf, media_[medium].conductivity,
                         std::vector<double>(media_.size(), 0.0)};
  result.share[medium] = 1;
  return result;
}

double SubpixelAverage::CouplingOf(const Filling& filling) const {
  double mean = 0;
  double inverse = 0;
  for (size_t m = 0; m < filling.share.size(); ++m) {
    if (filling.share[m] == 0) continue;
    if (Metal(m) || media_[m].conductivity != 0 || !media_[m].poles.empty() ||
        media_[m].Anisotropic()) {
      return 0;
    }
    mean += filling.share[m] * averaged_[m];
    inverse += filling.share[m] / averaged_[m];
  }
  return Rounded(filling.NormalProduct()) * (inverse - 1 / mean);
}

EffectiveMedium SubpixelAverage::Of(const Filling& filling, int axis) const {
  const double n2 = Rounded(filling.NormalSquared(axis));
  double metal = 0;
  size_t largest = 0;
  for (size_t m = 0; m < filling.share.size(); ++m) {
    if (Metal(m)) metal += filling.share[m];
    if (Metal(m) && (!Metal(largest) || filling.share[m] > filling.share[largest])) largest = m;
  }
  const bool crossed = metal > 0 && n2 > 0;
  if (crossed && metal >= 0.5) return Of(largest, axis);
  if (!crossed) return Mix(filling.share, n2, axis);
  return Mix(filling.SharesOf([this](size_t m) { return !Metal(m); }), n2, axis);
}

EffectiveMedium SubpixelAverage::Mix(const std::vector<double>& fill, double n2, int axis) const {
  const auto along = [&](size_t m) {
    return averaged_[m] * media_[m].anisotropy[static_cast<size_t>(axis)];
  };
  double mean = 0;
  double inverse = 0;
  for (size_t m = 0; m < fill.size(); ++m) {
    mean += fill[m] * along(m);
    inverse += fill[m] / along(m);
  }
  EffectiveMedium result;
  result.eps = 1 / (n2 * inverse + (1 - n2) / mean);
  result.share.assign(fill.size(), 0.0);
  const double squared = result.eps * result.eps;
  for (size_t m = 0; m < fill.size(); ++m) {
    const double own = along(m);
    const double slope =
        squared * fill[m] * (n2 / (own * own) + (1 - n2) / (mean * mean));  // d eps / d eps_m
    result.conductivity += slope * media_[m].conductivity;
    if (media_[m].poles.empty()) continue;
    result.share[m] = Metal(m) ? fill[m] : std::min(slope, 1.0);
  }
  for (size_t m = 0; m < fill.size(); ++m) {
    result.eps -= result.share[m] * (averaged_[m] - media_[m].eps_inf);
  }
  return result;
}

}  // namespace symwave::domain
