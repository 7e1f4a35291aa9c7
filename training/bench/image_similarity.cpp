#include "training/bench/image_similarity.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::training::bench {

using Eigen::ArrayXXd;
using Eigen::Index;

namespace {

constexpr double kMeans = 1e-4;      // (0.01 range)^2
constexpr double kVariances = 9e-4;  // (0.03 range)^2

double WindowSimilarity(const ArrayXXd& a, const ArrayXXd& b) {
  const double mean_a = a.mean(), mean_b = b.mean();
  const double variance_a = (a - mean_a).square().mean();
  const double variance_b = (b - mean_b).square().mean();
  const double covariance = ((a - mean_a) * (b - mean_b)).mean();
  return (2 * mean_a * mean_b + kMeans) * (2 * covariance + kVariances) /
         ((mean_a * mean_a + mean_b * mean_b + kMeans) * (variance_a + variance_b + kVariances));
}

}  // namespace

double StructuralSimilarity(const ArrayXXd& a, const ArrayXXd& b, int window) {
  const Index rows = std::min<Index>(window, a.rows()), columns = std::min<Index>(window, a.cols());
  double sum = 0;
  for (Index i = 0; i + rows <= a.rows(); ++i) {
    for (Index j = 0; j + columns <= a.cols(); ++j) {
      sum += WindowSimilarity(a.block(i, j, rows, columns), b.block(i, j, rows, columns));
    }
  }
  return sum / static_cast<double>((a.rows() - rows + 1) * (a.cols() - columns + 1));
}

double PeakSignalToNoise(const ArrayXXd& a, const ArrayXXd& b) {
  return -10 * std::log10((a - b).square().mean());
}

ArrayXXd Stretched(const ArrayXXd& image) {
  const double low = image.minCoeff(), high = image.maxCoeff();
  if (!(high > low)) return ArrayXXd::Zero(image.rows(), image.cols());
  return (image - low) / (high - low);
}

}  // namespace symwave::training::bench
