#include "jobs/focus_scan.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace symwave::jobs {

using Eigen::ArrayXd;
using training::bench::Frame;

namespace {

constexpr double kLength = 5;  // of a bar in its widths; three bars and two gaps are as wide
constexpr double kGap = 2;     // between the two triples; between groups, in the narrowest bars

/// Whether (x, y), from the centre of three upright bars of unit width, is on one of them.
bool OnBars(double x, double y) {
  if (std::abs(y) > 0.5 * kLength || std::abs(x) > 0.5 * kLength) return false;
  return static_cast<int>(std::floor(x + 0.5 * kLength)) % 2 == 0;
}

double Largest(const std::vector<double>& bars) {
  return *std::max_element(bars.begin(), bars.end());
}

double TotalWidth(const std::vector<double>& bars) {
  const double gap = kGap * *std::min_element(bars.begin(), bars.end());
  return std::accumulate(bars.begin(), bars.end(), 0.0) * kLength +
         gap * static_cast<double>(bars.size() - 1);
}

}  // namespace

double BarTargetSize(const std::vector<double>& bars) {
  return std::max(TotalWidth(bars), (2 * kLength + kGap) * Largest(bars));
}

ArrayXd BarTarget(const Frame& frame, const std::vector<double>& bars) {
  std::vector<double> sorted = bars;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double aside = 0.5 * (kLength + kGap), gap = kGap * sorted.back();
  ArrayXd target = ArrayXd::Zero(frame.intensity.size());
  for (int j = 0; j < frame.ny; ++j) {
    for (int i = 0; i < frame.nx; ++i) {
      double left = -0.5 * TotalWidth(bars);
      for (const double bar : sorted) {
        const double x = (frame.X(i) - left) / bar - 0.5 * kLength, y = frame.Y(j) / bar;
        if (OnBars(x, y + aside) || OnBars(y - aside, x)) {
          target(static_cast<Eigen::Index>(j) * frame.nx + i) = 1;
        }
        left += kLength * bar + gap;
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
