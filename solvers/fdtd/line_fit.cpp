#include "solvers/fdtd/line_fit.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace symwave::solvers::fdtd {

namespace {

using Complex = std::complex<double>;
using Eigen::Index;
using Eigen::MatrixXcd;
using Eigen::MatrixXd;
using Eigen::VectorXcd;

constexpr int kLargestSteps = 40;
constexpr double kConverged = 1e-9;  ///< of a line's decay, or of the record's resolution

/// exp(-rate t), one column per line.
MatrixXcd Oscillations(const VectorXcd& rates, double time_step, Index count) {
  MatrixXcd columns(count, rates.size());
  for (Index k = 0; k < rates.size(); ++k) {
    for (Index n = 0; n < count; ++n) {
      columns(n, k) = std::exp(-rates[k] * (static_cast<double>(n) * time_step));
    }
  }
  return columns;
}

/// Normal equations with columns of unit length.
struct NormalEquations {
  Eigen::VectorXd lengths;
  MatrixXcd matrix;

  explicit NormalEquations(const MatrixXcd& columns) : matrix(columns.adjoint() * columns) {
    lengths = matrix.diagonal().real().cwiseSqrt().cwiseMax(1e-300);
    matrix = lengths.cwiseInverse().asDiagonal() * matrix * lengths.cwiseInverse().asDiagonal();
  }
  VectorXcd Solve(const VectorXcd& right, double damping) const {
    MatrixXcd damped = matrix;
    damped.diagonal().array() += damping;
    const VectorXcd scaled = right.cwiseQuotient(lengths.cast<Complex>());
    return damped.ldlt().solve(scaled).cwiseQuotient(lengths.cast<Complex>());
  }
};

/// The record projected on the lines of given rates.
struct Projection {
  MatrixXcd columns;
  VectorXcd amplitudes, rest;

  Projection(const VectorXcd& values, const VectorXcd& rates, double time_step)
      : columns(Oscillations(rates, time_step, values.size())) {
    const NormalEquations equations(columns);
    amplitudes = equations.Solve(columns.adjoint() * values, 0);
    rest = values - columns * amplitudes;
    // Once more for what rounding has left.
    const VectorXcd more = equations.Solve(columns.adjoint() * rest, 0);
    amplitudes += more;
    rest -= columns * more;
  }
};

/// Derivatives by amplitudes and by rates.
struct Linearised {
  Index lines;
  MatrixXcd derivatives;
  NormalEquations equations;

  Linearised(const Projection& at, double time_step)
      : lines(at.columns.cols()), derivatives(Derivatives(at, time_step)), equations(derivatives) {}

  static MatrixXcd Derivatives(const Projection& at, double time_step) {
    const Index count = at.columns.rows(), lines = at.columns.cols();
    MatrixXcd all(count, 2 * lines);
    all.leftCols(lines) = at.columns;
    const Eigen::VectorXd times =
        Eigen::VectorXd::LinSpaced(count, 0, static_cast<double>(count - 1) * time_step);
    all.rightCols(lines) = -(times.asDiagonal() * at.columns) * at.amplitudes.asDiagonal();
    return all;
  }
  /// Change of the rates.
  VectorXcd Step(const VectorXcd& rest, double damping) const {
    return equations.Solve(derivatives.adjoint() * rest, damping).tail(lines);
  }
  Eigen::VectorXd Errors(double variance) const {
    const MatrixXcd inverse =
        equations.matrix.ldlt().solve(MatrixXcd::Identity(2 * lines, 2 * lines));
    const Eigen::VectorXd variances = variance * inverse.diagonal().real().cwiseAbs();
    return variances.cwiseSqrt().cwiseQuotient(equations.lengths).tail(lines);
  }
};

}  // namespace

LineFit FitLines(const std::vector<Complex>& values, double time_step, const VectorXcd& rates) {
  const Eigen::Map<const VectorXcd> record(values.data(), static_cast<Index>(values.size()));
  const double resolution = 1 / (time_step * static_cast<double>(values.size()));
  VectorXcd best = rates;
  Projection at(record, best, time_step);
  std::unique_ptr<Linearised> linear;
  double damping = 1e-4;
  bool moved = true;
  for (int step = 0; step < kLargestSteps; ++step) {
    if (moved) linear = std::make_unique<Linearised>(at, time_step);
    const VectorXcd change = linear->Step(at.rest, damping);
    const VectorXcd trial = best + change;
    const double size =
        (change.cwiseAbs().array() / best.real().cwiseAbs().array().max(resolution)).maxCoeff();
    const Projection there(record, trial, time_step);
    moved = there.rest.norm() < at.rest.norm();
    if (moved) {
      best = trial;
      at = there;
      damping = std::max(0.1 * damping, 1e-14);
    } else {
      damping *= 10;
    }
    if (!(size > kConverged) || damping > 1e3) break;
  }
  const double freedom = std::max<double>(1, static_cast<double>(record.size() - 2 * best.size()));
  const double variance = at.rest.squaredNorm() / freedom;
  return {best, at.amplitudes, Linearised(at, time_step).Errors(variance), at.rest};
}

}  // namespace symwave::solvers::fdtd
