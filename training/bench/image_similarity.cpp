#include "training/bench/image_similarity.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::training::bench {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;

namespace {

/// Weights of sum 1 of a window on a side of `pixels`.
ArrayXd Weights(const SimilarityWindow& window, Index pixels) {
  if (window.sigma == 0) {
    const Index width = std::min<Index>(window.pixels, pixels);
    return ArrayXd::Constant(width, 1.0 / static_cast<double>(width));
  }
  const Index width = std::min<Index>(window.pixels, pixels - (pixels + 1) % 2);
  const ArrayXd place = ArrayXd::LinSpaced(width, -0.5 * static_cast<double>(width - 1),
                                           0.5 * static_cast<double>(width - 1));
  const ArrayXd weights = (-0.5 * (place / window.sigma).square()).exp();
  return weights / weights.sum();
}

/// Weighted means over all windows that lie wholly in the picture.
ArrayXXd Blur(const ArrayXXd& picture, const ArrayXd& down, const ArrayXd& across) {
  const Index rows = picture.rows() - down.size() + 1;
  const Index columns = picture.cols() - across.size() + 1;
  ArrayXXd half = ArrayXXd::Zero(rows, picture.cols());
  for (Index k = 0; k < down.size(); ++k) half += down(k) * picture.middleRows(k, rows);
  ArrayXXd blurred = ArrayXXd::Zero(rows, columns);
  for (Index k = 0; k < across.size(); ++k) blurred += across(k) * half.middleCols(k, columns);
  return blurred;
}

}  // namespace

double StructuralSimilarity(const ArrayXXd& a, const ArrayXXd& b, double range,
                            const SimilarityWindow& window) {
  base::Require(a.rows() == b.rows() && a.cols() == b.cols() && a.size() > 0 && range > 0,
                "two pictures of one size");
  const ArrayXd down = Weights(window, a.rows()), across = Weights(window, a.cols());
  const auto blur = [&](const ArrayXXd& picture) { return Blur(picture, down, across); };
  const ArrayXXd mean_a = blur(a), mean_b = blur(b);
  const ArrayXXd variances =
      blur(a.square()) - mean_a.square() + blur(b.square()) - mean_b.square();
  const ArrayXXd covariance = blur(a * b) - mean_a * mean_b;
  const double c1 = std::pow(0.01 * range, 2), c2 = std::pow(0.03 * range, 2);
  return ((2 * mean_a * mean_b + c1) * (2 * covariance + c2) /
          ((mean_a.square() + mean_b.square() + c1) * (variances + c2)))
      .mean();
}

double IntensitySimilarity(const ArrayXXd& measured, const ArrayXXd& ideal) {
  const double mean = measured.mean(), ideal_mean = ideal.mean();
  if (mean <= 0 || ideal_mean <= 0) return 0;
  return StructuralSimilarity(measured / mean, ideal / ideal_mean, ideal.maxCoeff() / ideal_mean);
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
