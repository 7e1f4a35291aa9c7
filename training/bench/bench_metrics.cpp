#include "training/bench/bench_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "domain/base/communicator.hpp"

namespace symwave::training::bench {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;

/// Weights of sum 1 of a window on a side of `pixels`.
ArrayXd Window(Index pixels) {
  constexpr Index full = 11;
  constexpr double sigma = 1.5;
  const Index width = std::min(full, pixels - (pixels + 1) % 2);
  const ArrayXd place = ArrayXd::LinSpaced(width, -0.5 * static_cast<double>(width - 1),
                                           0.5 * static_cast<double>(width - 1));
  const ArrayXd weights = (-0.5 * (place / sigma).square()).exp();
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

double StructuralSimilarity(const ArrayXXd& a, const ArrayXXd& b, double range) {
  base::Require(a.rows() == b.rows() && a.cols() == b.cols() && a.size() > 0 && range > 0,
                "two pictures of one size");
  const ArrayXd down = Window(a.rows()), across = Window(a.cols());
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

double JoulesPerOperation(double photons, double wavelength, long samples, int layers,
                          long pixels) {
  constexpr double planck = 6.62607015e-34, light = 299792458;  // J s, m / s
  const double operations = static_cast<double>(samples) * layers * static_cast<double>(pixels) *
                            static_cast<double>(pixels);
  return photons * planck * light / (1e-6 * wavelength) / operations;
}

double CosineOver(MPI_Comm comm, const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  std::array<double, 3> sums{a.dot(b), a.squaredNorm(), b.squaredNorm()};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 3, MPI_DOUBLE, MPI_SUM, comm));
  const double norms = std::sqrt(sums[1] * sums[2]);
  return norms > 0 ? sums[0] / norms : 0;
}

}  // namespace symwave::training::bench
