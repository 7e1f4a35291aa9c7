// Complex amplitudes of many samples in real storage, so that all arithmetic on them vectorises.
#pragma once

#include <Eigen/Dense>
#include <complex>

namespace symwave::training {

/// Samples x ports; the planes are [real parts | imaginary parts], samples contiguous.
class Amplitudes {
 public:
  Amplitudes() = default;
  Amplitudes(Eigen::Index samples, Eigen::Index ports) { Resize(samples, ports); }

  void Resize(Eigen::Index samples, Eigen::Index ports) { planes_.resize(samples, 2 * ports); }
  Eigen::Index Samples() const { return planes_.rows(); }
  Eigen::Index Ports() const { return planes_.cols() / 2; }

  auto Re() { return planes_.leftCols(Ports()).array(); }
  auto Im() { return planes_.rightCols(Ports()).array(); }
  auto Re() const { return planes_.leftCols(Ports()).array(); }
  auto Im() const { return planes_.rightCols(Ports()).array(); }
  double* Re(Eigen::Index port) { return planes_.col(port).data(); }
  double* Im(Eigen::Index port) { return planes_.col(Ports() + port).data(); }
  const double* Re(Eigen::Index port) const { return planes_.col(port).data(); }
  const double* Im(Eigen::Index port) const { return planes_.col(Ports() + port).data(); }
  Eigen::MatrixXd& Planes() { return planes_; }
  const Eigen::MatrixXd& Planes() const { return planes_; }

  /// Ports x samples, as an optical system launches them.
  Eigen::MatrixXcd Columns() const {
    Eigen::MatrixXcd columns(Ports(), Samples());
    columns.real() = planes_.leftCols(Ports()).transpose();
    columns.imag() = planes_.rightCols(Ports()).transpose();
    return columns;
  }
  static Amplitudes FromColumns(const Eigen::MatrixXcd& columns) {
    Amplitudes result(columns.cols(), columns.rows());
    result.planes_.leftCols(columns.rows()) = columns.real().transpose();
    result.planes_.rightCols(columns.rows()) = columns.imag().transpose();
    return result;
  }

 private:
  Eigen::MatrixXd planes_;
};

/// The real matrix R with [y_re | y_im] = [x_re | x_im] R for y = U x.
inline Eigen::MatrixXd RealForm(const Eigen::MatrixXcd& u) {
  Eigen::MatrixXd form(2 * u.cols(), 2 * u.rows());
  form << u.real().transpose(), u.imag().transpose(), -u.imag().transpose(), u.real().transpose();
  return form;
}

/// sum over samples of g x^T (ports of g x ports of x) from the planes' product
/// [g_re | g_im]^T [x_re | x_im].
inline Eigen::MatrixXcd Correlation(const Eigen::MatrixXd& product) {
  const Eigen::Index rows = product.rows() / 2;
  const Eigen::Index cols = product.cols() / 2;
  Eigen::MatrixXcd result(rows, cols);
  result.real() = product.topLeftCorner(rows, cols) - product.bottomRightCorner(rows, cols);
  result.imag() = product.topRightCorner(rows, cols) + product.bottomLeftCorner(rows, cols);
  return result;
}

}  // namespace symwave::training
