#include "training/reencoding.hpp"

#include <cmath>

#include "training/sincos.hpp"

namespace symwave::training {

namespace {

constexpr double sqrt_floor = 1e-4;  // keeps the derivative of the square root finite in the dark

Eigen::ArrayXd Activate(Activation activation, const Eigen::ArrayXd& j) {
  switch (activation) {
    case Activation::Saturable:
      return j / (1 + j);
    case Activation::Sqrt:
      return (j + sqrt_floor).sqrt() - std::sqrt(sqrt_floor);
    case Activation::Linear:
      break;
  }
  return j;
}

Eigen::ArrayXd ActivateDerivative(Activation activation, const Eigen::ArrayXd& j) {
  switch (activation) {
    case Activation::Saturable:
      return (1 + j).square().inverse();
    case Activation::Sqrt:
      return 0.5 * (j + sqrt_floor).rsqrt();
    case Activation::Linear:
      break;
  }
  return Eigen::ArrayXd::Ones(j.size());
}

// J = I P of port p.
Eigen::ArrayXd Normalised(const Amplitudes& y, Eigen::Index p) {
  return (y.Re().col(p).square() + y.Im().col(p).square()) * static_cast<double>(y.Ports());
}

}  // namespace

void Reencoder::Apply(const Amplitudes& y, const Amplitudes& encoded, Amplitudes& x) const {
  const auto samples = static_cast<std::size_t>(y.Samples());
  const double unit = 1.0 / std::sqrt(static_cast<double>(ports_));
  x.Resize(y.Samples(), ports_);
  Eigen::ArrayXd drive, re;
  for (Eigen::Index p = 0; p < ports_; ++p) {
    drive = options_.gain * Activate(options_.activation, Normalised(y, p));
    if (options_.kind == Encoding::Phase) {
      SinCos(drive.data(), x.Re(p), x.Im(p), samples);
    } else {
      x.Re().col(p) = drive;
      x.Im().col(p) = 0.0;
    }
    if (options_.add_features) {  // the encoded features carry the unit
      re = x.Re().col(p) * encoded.Re().col(p) - x.Im().col(p) * encoded.Im().col(p);
      x.Im().col(p) = x.Re().col(p) * encoded.Im().col(p) + x.Im().col(p) * encoded.Re().col(p);
      x.Re().col(p) = re;
    } else {
      x.Re().col(p) *= unit;
      if (options_.kind == Encoding::Phase) x.Im().col(p) *= unit;
    }
  }
}

void Reencoder::Backward(const Amplitudes& y, const Amplitudes& encoded, const Amplitudes& x,
                         Amplitudes& error) const {
  const double unit = 1.0 / std::sqrt(static_cast<double>(ports_));
  Eigen::ArrayXd slope, per_intensity;
  for (Eigen::Index p = 0; p < ports_; ++p) {
    slope = (options_.gain * static_cast<double>(ports_)) *
            ActivateDerivative(options_.activation, Normalised(y, p));  // d drive / dI
    if (options_.kind == Encoding::Phase) {                             // dx/d drive = i x
      per_intensity =
          -2.0 * slope * (error.Re().col(p) * x.Im().col(p) + error.Im().col(p) * x.Re().col(p));
    } else if (options_.add_features) {  // dx/d drive = encoded
      per_intensity =
          2.0 * slope *
          (error.Re().col(p) * encoded.Re().col(p) - error.Im().col(p) * encoded.Im().col(p));
    } else {  // dx/d drive = 1/sqrt(P)
      per_intensity = (2.0 * unit) * slope * error.Re().col(p);
    }
    error.Re().col(p) = per_intensity * y.Re().col(p);
    error.Im().col(p) = -per_intensity * y.Im().col(p);
  }
}

}  // namespace symwave::training
