#include "jobs/focus_scan.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace symwave::jobs {

using Eigen::ArrayXd;
using training::bench::Frame;

namespace {

constexpr double kLength = 5;  // of a bar in its widths; three bars and two gaps are as wide
constexpr double kGap = 2;     // between the two triples, and between groups

/// Whether (x, y), from the centre of three upright bars of unit width, is on one of them.
bool OnBars(double x, double y) {
  if (std::abs(y) > 0.5 * kLength || std::abs(x) > 0.5 * kLength) return false;
  return static_cast<int>(std::floor(x + 0.5 * kLength)) % 2 == 0;
}

}  // namespace

double BarTargetHeight(const std::vector<double>& bars) {
  double height = 0;
  for (const double bar : bars) height += (kLength + kGap) * bar;
  return height - kGap * *std::min_element(bars.begin(), bars.end());
}

ArrayXd BarTarget(const Frame& frame, const std::vector<double>& bars) {
  std::vector<double> sorted = bars;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  ArrayXd target = ArrayXd::Zero(frame.intensity.size());
  for (int j = 0; j < frame.ny; ++j) {
    for (int i = 0; i < frame.nx; ++i) {
      double top = -0.5 * BarTargetHeight(bars);
      for (const double bar : sorted) {
        const double y = (frame.Y(j) - top) / bar - 0.5 * kLength;
        const double x = frame.X(i) / bar, aside = 0.5 * (kLength + kGap);
        if (OnBars(x + aside, y) || OnBars(y, x - aside)) {
          target(static_cast<Eigen::Index>(j) * frame.nx + i) = 1;
        }
        top += (kLength + kGap) * bar;
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

}  // namespace symwave::jobs
