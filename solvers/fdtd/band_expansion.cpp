#include "solvers/fdtd/band_expansion.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using Eigen::MatrixXcd;
using Eigen::VectorXcd;

std::vector<double> ChebyshevRoots(const std::array<double, 2>& band, int count) {
  std::vector<double> roots;
  for (int q = 0; q < count; ++q) {
    roots.push_back(0.5 * (band[0] + band[1]) -
                    0.5 * (band[1] - band[0]) * std::cos(M_PI * (q + 0.5) / count));
  }
  return roots;
}

/// exp(i w t), frequencies x delays.
MatrixXcd Turns(const std::vector<double>& omegas, const std::vector<double>& delays) {
  MatrixXcd turns(omegas.size(), delays.size());
  for (Eigen::Index q = 0; q < turns.rows(); ++q) {
    for (Eigen::Index m = 0; m < turns.cols(); ++m) {
      turns(q, m) = std::polar(1.0, omegas[q] * delays[m]);
    }
  }
  return turns;
}

/// Probes x frequencies.
MatrixXcd ProfilesAt(const std::vector<double>& omegas, const BandExpansion::Probes& probes) {
  MatrixXcd profiles;
  for (size_t q = 0; q < omegas.size(); ++q) {
    const VectorXcd profile = probes(omegas[q]);
    if (q == 0) profiles.resize(profile.size(), static_cast<Eigen::Index>(omegas.size()));
    profiles.col(static_cast<Eigen::Index>(q)) = profile;
  }
  return profiles;
}

/// Both ends of the judged band, and frequencies between the fitted ones within it.
std::vector<double> TestFrequencies(const std::vector<double>& fitted,
                                    const std::array<double, 2>& judged) {
  std::vector<double> tests{judged[0], judged[1]};
  for (size_t q = 1; q < fitted.size(); ++q) {
    const double between = 0.5 * (fitted[q - 1] + fitted[q]);
    if (between > judged[0] && between < judged[1]) tests.push_back(between);
  }
  return tests;
}

}  // namespace

BandExpansion::BandExpansion(double omega)
    : delays_{0},
      frequencies_{omega},
      mix_(MatrixXcd::Ones(1, 1)),
      projection_(MatrixXcd::Ones(1, 1)),
      error_(0) {}

BandExpansion::BandExpansion(const Options& options, const Probes& probes) {
  base::Require(options.fitted[0] < options.fitted[1] && options.fitted[0] <= options.judged[0] &&
                    options.judged[1] <= options.fitted[1],
                "an expansion is judged within the band that it is fitted over");
  for (const double longer : {1.0, 1.7, 3.0}) {
    if (!Fit(options, longer * options.longest_delay, probes)) return;
    if (error_ <= options.tolerance) return;
  }
}

VectorXcd BandExpansion::Signals(double omega) const {
  return (Turns({omega}, delays_) * mix_).transpose();
}

bool BandExpansion::Fit(const Options& options, double reach, const Probes& probes) {
  // Copies spaced by a half of 2 pi / width are independent over twice the band.
  const double step = options.step * 2 * M_PI / (options.fitted[1] - options.fitted[0]);
  const double needed = std::ceil(reach / step) + options.delays_beyond;
  if (2 * needed + 1 > options.most_delays) return false;
  const int side = static_cast<int>(needed);
  delays_.clear();
  for (int m = -side; m <= side; ++m) delays_.push_back(m * step);
  frequencies_ = ChebyshevRoots(options.fitted, 2 * static_cast<int>(delays_.size()) + 1);
  const MatrixXcd turns = Turns(frequencies_, delays_);
  Eigen::BDCSVD<MatrixXcd> svd(turns, Eigen::ComputeThinU | Eigen::ComputeThinV);
  svd.setThreshold(options.smallest);
  const Eigen::Index rank = svd.rank();
  const MatrixXcd fit = svd.matrixV().leftCols(rank) *
                        svd.singularValues().head(rank).cwiseInverse().asDiagonal() *
                        svd.matrixU().leftCols(rank).adjoint();
  const MatrixXcd coefficients = fit * ProfilesAt(frequencies_, probes).transpose();
  Reduce(fit, coefficients, TestFrequencies(frequencies_, options.judged), probes,
         options.tolerance);
  return true;
}

void BandExpansion::Reduce(const MatrixXcd& fit, const MatrixXcd& coefficients,
                           const std::vector<double>& tests, const Probes& probes,
                           double tolerance) {
  const Eigen::SelfAdjointEigenSolver<MatrixXcd> principal(coefficients * coefficients.adjoint());
  const MatrixXcd vectors = principal.eigenvectors().rowwise().reverse();
  const MatrixXcd turns = Turns(tests, delays_);
  const MatrixXcd exact = ProfilesAt(tests, probes).transpose();
  MatrixXcd rest = exact;
  Eigen::Index terms = 0;
  do {
    const auto vector = vectors.col(terms++);
    rest -= (turns * vector) * (vector.adjoint() * coefficients);
    error_ = (rest.rowwise().norm().array() / exact.rowwise().norm().array()).maxCoeff();
  } while (error_ > tolerance && terms < vectors.cols());
  mix_ = vectors.leftCols(terms);
  projection_ = mix_.adjoint() * fit;
}

}  // namespace symwave::solvers::fdtd
