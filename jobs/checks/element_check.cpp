#include "jobs/checks/element_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/polygon_union.hpp"

namespace symwave::jobs::checks {

namespace {

/// Places along an axis that an element reaches over, half a cell apart.
std::vector<double> PlacesIn(const std::array<double, 2>& extent, double cell) {
  constexpr int kMost = 400;
  const double width = extent[1] - extent[0];
  const int count = std::clamp(static_cast<int>(std::ceil(2 * width / cell)), 1, kMost);
  std::vector<double> places;
  places.reserve(static_cast<size_t>(count));
  for (int k = 0; k < count; ++k) places.push_back(extent[0] + width * (k + 0.5) / count);
  return places;
}

std::vector<double> HeightsOf(const domain::Element& element) {
  if (!std::isfinite(element.z[0]) || !std::isfinite(element.z[1])) return {0};
  std::vector<double> heights;
  for (const double share : {0.1, 0.3, 0.5, 0.7, 0.9}) {
    heights.push_back(element.z[0] + share * (element.z[1] - element.z[0]));
  }
  return heights;
}

bool LiesOnShapes(const device::Device& device, const domain::Element& element) {
  const std::vector<double> xs = PlacesIn(element.Extent(0), device.lattice->CellWidth(0, 0));
  const std::vector<double> ys = PlacesIn(element.Extent(1), device.lattice->CellWidth(1, 0));
  for (const double z : HeightsOf(element)) {
    const std::vector<domain::Region>& regions = device.structure->LayerAt(z).regions;
    for (const double x : xs) {
      for (const double y : ys) {
        if (element.Profile({x, y, z}) == 0) continue;
        const auto holds = [&](const domain::Region& region) {
          return domain::IsInside(region.contours, {x, y});
        };
        if (std::any_of(regions.begin(), regions.end(), holds)) return true;
      }
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> ElementWarnings(const device::Device& device) {
  std::vector<std::string> warnings;
  for (const domain::Element& element : device.elements) {
    if (LiesOnShapes(device, element)) continue;
    warnings.push_back(
        fmt::format("{}: no shape lies where {} changes the index: its commands do nothing to the "
                    "light of a guide; move it onto one",
                    element.where, element.name));
  }
  return warnings;
}

}  // namespace symwave::jobs::checks
