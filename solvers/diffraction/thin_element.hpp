// Elements without depth: every pixel is multiplied by its own transmission.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <utility>

#include "solvers/diffraction/element.hpp"

namespace symwave::solvers::diffraction {

/// One complex number per pixel of this rank.
template <class Real>
using Transmissions = Eigen::Array<std::complex<Real>, Eigen::Dynamic, 1>;

/// A screen, an aperture, a mask: diag(t), which is its own transpose.
template <class Real>
class ThinElement final : public Element<Real> {
 public:
  explicit ThinElement(Transmissions<Real> transmission) : transmission_(std::move(transmission)) {}

  void Forward(Fields<Real>& fields) const override { Apply(transmission_, fields); }
  void Backward(Fields<Real>& fields) const override { Forward(fields); }
  const Transmissions<Real>& Values() const { return transmission_; }

  static void Apply(const Transmissions<Real>& transmission, Fields<Real>& fields) {
    fields.array().colwise() *= transmission;
  }

 private:
  Transmissions<Real> transmission_;
};

/// exp(i phase) per pixel.
template <class Real>
Transmissions<Real> FromPhase(const Eigen::ArrayXd& phase) {
  return phase.unaryExpr([](double p) { return std::complex<Real>(std::polar(1.0, p)); }).eval();
}

}  // namespace symwave::solvers::diffraction
