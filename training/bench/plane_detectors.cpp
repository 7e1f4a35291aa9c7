#include "training/bench/plane_detectors.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::training::bench {

using Eigen::Index;

namespace {

struct Square {
  double x = 0, y = 0;  ///< centre, in pixels from that of the plane
  double half = 0;
};

std::vector<Square> Squares(const PlaneNetworkOptions& options, int nx, int ny, int classes) {
  const bool line = ny == 1;
  const int rows = line ? 1 : static_cast<int>(std::lround(std::sqrt(classes)));
  const int columns = (classes + rows - 1) / rows;
  const double cell_x = options.detector_width * nx / columns;
  const double cell_y = options.detector_width * ny / rows;
  const double half = 0.5 * options.detector_share * (line ? cell_x : std::min(cell_x, cell_y));
  std::vector<Square> squares;
  for (int r = 0; r < rows; ++r) {
    const int here = (r + 1) * classes / rows - r * classes / rows;
    for (int c = 0; c < here; ++c) {
      squares.push_back(
          {(c - 0.5 * (here - 1)) * cell_x, line ? 0 : (r - 0.5 * (rows - 1)) * cell_y, half});
    }
  }
  return squares;
}

/// Pixels whose centre lies in [centre - half, centre + half).
std::pair<int, int> Range(int pixels, double centre, double half) {
  const double middle = 0.5 * (pixels - 1) + centre;
  const auto bound = [&](double at) {
    return std::clamp(static_cast<int>(std::ceil(at)), 0, pixels);
  };
  return {bound(middle - half - 1e-9), bound(middle + half - 1e-9)};
}

}  // namespace

DetectorRegions::DetectorRegions(const PlaneNetworkOptions& options, const PixelRange& layout,
                                 int classes)
    : layout_(layout) {
  for (const Square& square : Squares(options, layout.nx, layout.ny, classes)) {
    const auto [left, right] = Range(layout.nx, square.x, square.half);
    const auto [top, bottom] =
        layout.ny == 1 ? std::pair(0, 1) : Range(layout.ny, square.y, square.half);
    if (left == right || top == bottom) {
      base::Fail(
          "network.detector_width = {} and detector_share = {} make detectors of {:.2g} pixels for "
          "{} classes on a plane of {} x {}; a detector needs one: raise these or bench.pixels",
          options.detector_width, options.detector_share, 2 * square.half, classes, layout.nx,
          layout.ny);
    }
    std::vector<Index>& pixels = pixels_.emplace_back();
    for (Index j = top; j < bottom; ++j) {
      for (Index i = left; i < right; ++i) {
        const Index pixel = j * layout.nx + i - layout.first;
        if (pixel >= 0 && pixel < layout.count) pixels.push_back(pixel);
      }
    }
  }
}

template <class Real>
Eigen::ArrayXXd DetectorRegions::Collect(const Planes<Real>& fields) const {
  Eigen::ArrayXXd light = Eigen::ArrayXXd::Zero(fields.cols(), Classes());
  for (Index s = 0; s < fields.cols(); ++s) {
    for (int c = 0; c < Classes(); ++c) {
      for (const Index pixel : Pixels(c)) light(s, c) += std::norm(fields(pixel, s));
    }
  }
  layout_.Sum(light);
  return light;
}

template <class Real>
Eigen::ArrayXXd DetectorRegions::CollectIntensities(const RealPlanes<Real>& intensities) const {
  Eigen::ArrayXXd light = Eigen::ArrayXXd::Zero(intensities.cols(), Classes());
  for (Index s = 0; s < intensities.cols(); ++s) {
    for (int c = 0; c < Classes(); ++c) {
      for (const Index pixel : Pixels(c)) light(s, c) += intensities(pixel, s);
    }
  }
  layout_.Sum(light);
  return light;
}

template <class Real>
void DetectorRegions::ErrorField(const Eigen::ArrayXXd& slope, const Planes<Real>& fields,
                                 Planes<Real>& error) const {
  error.setZero(fields.rows(), fields.cols());
  for (Index s = 0; s < fields.cols(); ++s) {
    for (int c = 0; c < Classes(); ++c) {
      const Real factor = static_cast<Real>(slope(s, c));
      for (const Index pixel : Pixels(c)) error(pixel, s) = factor * std::conj(fields(pixel, s));
    }
  }
}

template Eigen::ArrayXXd DetectorRegions::Collect<float>(const Planes<float>&) const;
template Eigen::ArrayXXd DetectorRegions::Collect<double>(const Planes<double>&) const;
template Eigen::ArrayXXd DetectorRegions::CollectIntensities<float>(const RealPlanes<float>&) const;
template Eigen::ArrayXXd DetectorRegions::CollectIntensities<double>(
    const RealPlanes<double>&) const;
template void DetectorRegions::ErrorField<float>(const Eigen::ArrayXXd&, const Planes<float>&,
                                                 Planes<float>&) const;
template void DetectorRegions::ErrorField<double>(const Eigen::ArrayXXd&, const Planes<double>&,
                                                  Planes<double>&) const;

}  // namespace symwave::training::bench
