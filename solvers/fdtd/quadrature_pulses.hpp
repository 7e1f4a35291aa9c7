// Pulses that drive currents of any complex amplitudes at several frequencies in one run.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

/// A Gaussian pulse in two phases per frequency, exp(-(t - t0)^2 / 2 sigma^2) {cos, sin} w (t -
/// t0), which starts and ends at 7 sigma, 2e-11. Their spectra overlap: the weights of all together
/// are those whose transforms are the wanted values at every frequency.
class QuadraturePulses : public SignalSet {
 public:
  /// `omegas` of the transforms, distinct, 1/um; the pulses last `periods` (standard deviation) of
  /// the lowest one, or longer until neighbouring spectra differ by 0.8 of their width.
  QuadraturePulses(std::vector<double> omegas, double periods, double dt);

  int Count() const override { return 2 * static_cast<int>(omegas_.size()); }
  void Evaluate(long step, double* values) override;
  long EndStep() const override { return end_; }

  /// Weights of all signals whose sum has the transforms dt sum_n s(t_n) exp(i w t_n), t_n =
  /// (n + 1/2) dt, of `values`, one per frequency.
  Eigen::VectorXd Weights(const std::vector<std::complex<double>>& values) const;

 private:
  std::vector<double> omegas_;
  double sigma_ = 0, dt_ = 0;
  long end_ = 0;
  Eigen::PartialPivLU<Eigen::MatrixXd> transforms_;  ///< (re, im) per frequency x signals
};

}  // namespace symwave::solvers::fdtd
