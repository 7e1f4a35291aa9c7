#include "domain/element_crosstalk.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::domain {

namespace {

constexpr int kSteps = 256;  // of an integral along a guide

double Middle(const std::array<double, 2>& interval) {
  return 0.5 * (interval[0] + interval[1]);
}

double HeightOf(const Element& to, const Element& from) {
  if (std::isfinite(Middle(to.z))) return Middle(to.z);
  return std::isfinite(Middle(from.z)) ? Middle(from.z) : 0;
}

double Share(const Element& from, const Element& to) {
  const auto along = static_cast<size_t>(to.axis);
  const auto across = 1 - along;
  const auto reach = from.Reach(), own = to.Reach();
  Vector point{0, 0, HeightOf(to, from)};
  point[across] = Middle(to.Extent(1 - to.axis));
  if (point[across] < reach[across][0] || point[across] > reach[across][1]) return 0;
  const double low = std::max(reach[along][0], own[along][0]);
  const double high = std::min(reach[along][1], own[along][1]);
  if (high <= low) return 0;
  const double step = (high - low) / kSteps;
  double sum = 0;
  for (int k = 0; k < kSteps; ++k) {
    point[along] = low + (k + 0.5) * step;
    sum += from.Profile(point);
  }
  return sum * step / from.EffectiveLength();
}

}  // namespace

std::vector<double> Crosstalk(const std::vector<Element>& elements) {
  std::vector<double> shares;
  shares.reserve(elements.size() * elements.size());
  for (const Element& to : elements) {
    for (const Element& from : elements) shares.push_back(Share(from, to));
  }
  return shares;
}

}  // namespace symwave::domain
