#include "jobs/spots/focus_scan.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace symwave::jobs::spots {

using Eigen::ArrayXd;
using training::bench::Frame;

namespace {

/// Whether (x, y), from the centre of three upright bars of unit width, is on one of them.
bool OnBars(double x, double y) {
  if (std::abs(y) > 0.5 * deck::kBarLength || std::abs(x) > 0.5 * deck::kBarLength) return false;
  return static_cast<int>(std::floor(x + 0.5 * deck::kBarLength)) % 2 == 0;
}

}  // namespace

ArrayXd BarTarget(const Frame& frame, const std::vector<double>& bars) {
  std::vector<double> sorted = bars;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double aside = 0.5 * (deck::kBarLength + deck::kBarGap),
               gap = deck::kBarGap * sorted.back();
  ArrayXd target = ArrayXd::Zero(frame.intensity.size());
  for (int j = 0; j < frame.ny; ++j) {
    for (int i = 0; i < frame.nx; ++i) {
      double left = -0.5 * deck::BarTargetWidth(bars);
      for (const double bar : sorted) {
        const double x = (frame.X(i) - left) / bar - 0.5 * deck::kBarLength, y = frame.Y(j) / bar;
        if (OnBars(x, y + aside) || OnBars(y - aside, x)) {
          target(static_cast<Eigen::Index>(j) * frame.nx + i) = 1;
        }
        left += deck::kBarLength * bar + gap;
      }
    }
  }
  return target;
}

double Bucket(const Frame& frame, const ArrayXd& target) {
  return (frame.intensity * target).sum() / frame.intensity.sum();
}

Eigen::ArrayXXd SampledTarget(const Frame& frame, const ArrayXd& target,
                              const std::vector<training::bench::Spot>& points, double width) {
  const auto side = static_cast<Eigen::Index>(std::lround(std::sqrt(points.size())));
  Eigen::ArrayXXd image(side, side);
  for (std::size_t k = 0; k < points.size(); ++k) {
    double sum = 0;
    long pixels = 0;
    for (int j = 0; j < frame.ny; ++j) {
      for (int i = 0; i < frame.nx; ++i) {
        if (std::abs(frame.X(i) - points[k].x) > 0.5 * width + 1e-9) continue;
        if (std::abs(frame.Y(j) - points[k].y) > 0.5 * width + 1e-9) continue;
        sum += target(static_cast<Eigen::Index>(j) * frame.nx + i);
        ++pixels;
      }
    }
    image(static_cast<Eigen::Index>(k) / side, static_cast<Eigen::Index>(k) % side) =
        pixels > 0 ? sum / static_cast<double>(pixels) : 0;
  }
  return image;
}

}  // namespace symwave::jobs::spots
