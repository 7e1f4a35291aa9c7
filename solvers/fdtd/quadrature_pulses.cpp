#include "solvers/fdtd/quadrature_pulses.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

constexpr double kCutOff = 7;      // standard deviations
constexpr double kDistance = 0.8;  // of spectra, in standard deviations

double StandardDeviation(std::vector<double> omegas, double periods) {
  std::sort(omegas.begin(), omegas.end());
  double sigma = periods * 2 * M_PI / omegas.front();
  for (size_t k = 0; k + 1 < omegas.size(); ++k) {
    base::Require(omegas[k + 1] > omegas[k], "distinct frequencies");
    sigma = std::max(sigma, kDistance / (omegas[k + 1] - omegas[k]));
  }
  return sigma;
}

}  // namespace

QuadraturePulses::QuadraturePulses(std::vector<double> omegas, double periods, double dt)
    : omegas_(std::move(omegas)),
      sigma_(StandardDeviation(omegas_, periods)),
      dt_(dt),
      end_(std::lround(std::ceil(2 * kCutOff * sigma_ / dt))) {
  const Eigen::Index count = Count();
  Eigen::MatrixXd transforms = Eigen::MatrixXd::Zero(count, count);
  Eigen::VectorXd values(count);
  for (long n = 0; n < end_; ++n) {
    Evaluate(n, values.data());
    for (size_t k = 0; k < omegas_.size(); ++k) {
      const double phase = omegas_[k] * (static_cast<double>(n) + 0.5) * dt_;
      const auto row = static_cast<Eigen::Index>(2 * k);
      transforms.row(row) += dt_ * std::cos(phase) * values.transpose();
      transforms.row(row + 1) += dt_ * std::sin(phase) * values.transpose();
    }
  }
  transforms_.compute(transforms);
}

void QuadraturePulses::Evaluate(long step, double* values) {
  const double t = (static_cast<double>(step) + 0.5) * dt_ - kCutOff * sigma_;
  const double envelope = step < end_ ? std::exp(-0.5 * t * t / (sigma_ * sigma_)) : 0.0;
  for (size_t k = 0; k < omegas_.size(); ++k) {
    values[2 * k] = envelope * std::cos(omegas_[k] * t);
    values[2 * k + 1] = envelope * std::sin(omegas_[k] * t);
  }
}

Eigen::VectorXd QuadraturePulses::Weights(const std::vector<std::complex<double>>& values) const {
  base::Require(values.size() == omegas_.size(), "a value per frequency");
  Eigen::VectorXd parts(static_cast<Eigen::Index>(2 * values.size()));
  for (size_t k = 0; k < values.size(); ++k) {
    const auto row = static_cast<Eigen::Index>(2 * k);
    parts[row] = values[k].real();
    parts[row + 1] = values[k].imag();
  }
  return transforms_.solve(parts);
}

}  // namespace symwave::solvers::fdtd
