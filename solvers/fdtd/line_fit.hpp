// Decaying oscillations fitted to a record by least squares.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <vector>

namespace symwave::solvers::fdtd {

/// values[n] = sum over lines of amplitude exp(-rate t), t = n time_step.
struct LineFit {
  Eigen::VectorXcd rates;  ///< 1/um
  Eigen::VectorXcd amplitudes;
  /// Standard deviation of the rates, from what the lines leave over taken as noise.
  Eigen::VectorXd errors;
  Eigen::VectorXcd rest;  ///< what the lines leave over
};

/// Levenberg-Marquardt from `rates` on, the amplitudes found anew at each step. Ends where no step
/// makes the rest smaller; what it gives leaves no more over than the start. Not collective.
LineFit FitLines(const std::vector<std::complex<double>>& values, double time_step,
                 const Eigen::VectorXcd& rates);

}  // namespace symwave::solvers::fdtd
