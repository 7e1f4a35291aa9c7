#include "training/bench/spot_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace symwave::training::bench {

using Eigen::ArrayXd;
using Eigen::Index;

namespace {

constexpr double kStep = 1.0 / 16;  // of a pixel, between looks for maximum and half crossing
constexpr double kClearance = 3;    // radii

/// sum_j I_j D(x - j), D the Dirichlet kernel of a period of n samples.
double Interpolated(const ArrayXd& line, double x) {
  const auto n = static_cast<double>(line.size());
  const double near = std::round(x);
  if (std::abs(x - near) < 1e-9) return line(static_cast<Index>(near));
  // sin(pi (x - j)) changes its sign from sample to sample.
  const bool even = line.size() % 2 == 0;
  double sign = std::sin(M_PI * x) / n, sum = 0;
  for (Index j = 0; j < line.size(); ++j, sign = -sign) {
    const double u = M_PI * (x - static_cast<double>(j)) / n;
    // For even n the highest frequency is a cosine alone.
    sum += line(j) * sign / (even ? std::tan(u) : std::sin(u));
  }
  return sum;
}

/// Vertex of the parabola through the brightest of the samples around `near`.
double Maximum(const ArrayXd& line, double near, double& value) {
  double best = near;
  value = -std::numeric_limits<double>::infinity();
  const double last = static_cast<double>(line.size() - 1);
  for (double x = std::max(0.0, near - 1); x <= std::min(last, near + 1) + 1e-9; x += kStep) {
    const double here = Interpolated(line, x);
    if (here <= value) continue;
    value = here;
    best = x;
  }
  if (best < kStep || best > last - kStep) return best;
  const double left = Interpolated(line, best - kStep), right = Interpolated(line, best + kStep);
  const double curvature = left - 2 * value + right;
  if (curvature >= 0) return best;
  const double shift = std::clamp(0.5 * (left - right) / curvature, -1.0, 1.0);
  value -= 0.25 * (left - right) * shift;
  return best + kStep * shift;
}

/// Distance from `from` at which the line has fallen to `level`, along `direction`.
double Fall(const ArrayXd& line, double from, double level, int direction) {
  double before = Interpolated(line, from);
  for (double way = kStep;; way += kStep) {
    const double x = from + direction * way;
    if (x < 0 || x > static_cast<double>(line.size() - 1)) {
      return std::numeric_limits<double>::infinity();
    }
    const double here = Interpolated(line, x);
    if (here <= level) return way - kStep * (level - here) / (before - here);
    before = here;
  }
}

}  // namespace

Frame WholeFrame(const PixelRange& layout, double pitch, const ArrayXd& mine) {
  Frame frame{layout.nx, layout.ny, pitch, ArrayXd::Zero(layout.All())};
  frame.intensity.segment(layout.first, layout.count) = mine;
  layout.Sum(frame.intensity);
  return frame;
}

double FullWidthHalfMaximum(const ArrayXd& line, int near) {
  double peak = 0;
  const double at = Maximum(line, near, peak);
  return Fall(line, at, 0.5 * peak, -1) + Fall(line, at, 0.5 * peak, 1);
}

double DiffractionLimit(const BenchGeometry& geometry, double aperture) {
  const double reach = geometry.wavelength * geometry.distance;
  const double of_mask = 0.886 * reach / (geometry.pixels_x * geometry.pitch);
  return aperture > 0 ? std::max(of_mask, 1.029 * 0.5 * reach / aperture) : of_mask;
}

SpotQuality JudgeSpot(const Frame& frame, const Spot& spot) {
  SpotQuality quality;
  double whole = 0, brightest = 0, squares = 0;
  long far = 0;
  int at_i = 0, at_j = 0;
  for (int j = 0; j < frame.ny; ++j) {
    for (int i = 0; i < frame.nx; ++i) {
      const double value = frame.At(i, j);
      const double r = std::hypot(frame.X(i) - spot.x, frame.Y(j) - spot.y);
      whole += value;
      if (r > kClearance * spot.radius) {
        quality.background += value;
        squares += value * value;
        ++far;
      }
      if (r > spot.radius * (1 + 1e-9)) {
        brightest = std::max(brightest, value);
        continue;
      }
      quality.share += value;
      if (value <= quality.peak) continue;
      quality.peak = value;
      at_i = i;
      at_j = j;
    }
  }
  quality.share /= whole;
  quality.background /= static_cast<double>(far);
  quality.psnr = 20 * std::log10(quality.peak / std::sqrt(squares / static_cast<double>(far)));
  quality.brightest = quality.peak > brightest;
  const Eigen::Map<const Eigen::ArrayXXd> image(frame.intensity.data(), frame.nx, frame.ny);
  quality.fwhm_x = frame.pitch * FullWidthHalfMaximum(image.col(at_j), at_i);
  if (frame.ny > 1) {
    quality.fwhm_y = frame.pitch * FullWidthHalfMaximum(image.row(at_i).transpose(), at_j);
  }
  return quality;
}

}  // namespace symwave::training::bench
