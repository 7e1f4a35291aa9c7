#include "training/bench/spots.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::training::bench {

using Eigen::Index;

namespace {

double Place(Index pixel, int pixels, double pitch) {
  return (static_cast<double>(pixel) - 0.5 * (pixels - 1)) * pitch;
}

void RefuseSpot(const PixelRange& layout, double pitch, const Spot& spot, const std::string& name) {
  const bool line = layout.ny == 1;
  if (2 * spot.radius < pitch) {
    base::Fail(
        "{}: a spot with the radius {} um is finer than the pixels of the camera, {} um; give a "
        "radius of at least {} um, or lower bench.pitch",
        name, spot.radius, pitch, 0.5 * pitch);
  }
  const double half_x = 0.5 * layout.nx * pitch;
  const double half_y = line ? spot.radius : 0.5 * layout.ny * pitch;
  if (std::abs(spot.x) + spot.radius > half_x || std::abs(spot.y) + spot.radius > half_y) {
    base::Fail(
        "{}: the spot at ({}, {}) um with the radius {} um leaves the plane, which ends at +- {} "
        "um along x and +- {} um along y; give a smaller width, or raise bench.pixels",
        name, spot.x, spot.y, spot.radius, half_x, line ? 0 : half_y);
  }
}

}  // namespace

std::vector<Spot> SpotGrid(int columns, int rows, double width, double height, double radius) {
  const auto place = [](int number, int count, double extent) {
    return count > 1 ? extent * (static_cast<double>(number) / (count - 1) - 0.5) : 0.0;
  };
  std::vector<Spot> spots;
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      spots.push_back({place(c, columns, width), place(r, rows, height), radius});
    }
  }
  return spots;
}

DetectorRegions SpotRegions(const PixelRange& layout, double pitch, const std::vector<Spot>& spots,
                            const std::string& name) {
  std::vector<int> owner(static_cast<std::size_t>(layout.All()), -1);
  std::vector<std::vector<Index>> regions;
  for (const Spot& spot : spots) {
    RefuseSpot(layout, pitch, spot, name);
    const int number = static_cast<int>(regions.size());
    std::vector<Index>& pixels = regions.emplace_back();
    Index found = 0;
    for (Index pixel = 0; pixel < layout.All(); ++pixel) {
      const double x = Place(pixel % layout.nx, layout.nx, pitch);
      const double y = Place(pixel / layout.nx, layout.ny, pitch);
      // The rounding of a radius in whole pixels must not decide.
      if (std::hypot(x - spot.x, y - spot.y) > spot.radius * (1 + 1e-9)) continue;
      int& taken = owner[static_cast<std::size_t>(pixel)];
      if (taken >= 0) {
        base::Fail(
            "{}: the spots at ({}, {}) um and ({}, {}) um share pixels; give fewer positions, a "
            "larger width or a smaller radius than {} um",
            name, spots[static_cast<std::size_t>(taken)].x,
            spots[static_cast<std::size_t>(taken)].y, spot.x, spot.y, spot.radius);
      }
      taken = number;
      ++found;
      const Index here = pixel - layout.first;
      if (here >= 0 && here < layout.count) pixels.push_back(here);
    }
    if (found == 0) {
      base::Fail(
          "{}: no pixel of {} um lies in the spot at ({}, {}) um with the radius {} um; give a "
          "radius of at least {} um",
          name, pitch, spot.x, spot.y, spot.radius, std::sqrt(0.5) * pitch);
    }
  }
  return {layout, std::move(regions)};
}

Eigen::VectorXd LensPhase(const PixelRange& layout, const BenchGeometry& geometry, double x,
                          double y) {
  const double k = 2 * M_PI / geometry.wavelength;
  Eigen::VectorXd phase(layout.count);
  for (Index p = 0; p < layout.count; ++p) {
    const Index pixel = layout.first + p;
    const double dx = Place(pixel % layout.nx, layout.nx, geometry.pitch) - x;
    const double dy = Place(pixel / layout.nx, layout.ny, geometry.pitch) - y;
    const double r2 = dx * dx + dy * dy, z = geometry.distance;
    // sqrt(z^2 + r^2) - z without the loss of digits
    phase(p) = std::remainder(-k * r2 / (std::sqrt(z * z + r2) + z), 2 * M_PI);
  }
  return phase;
}

}  // namespace symwave::training::bench
