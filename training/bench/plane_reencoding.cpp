#include "training/bench/plane_reencoding.hpp"

#include <cmath>

namespace symwave::training::bench {

using Eigen::Index;

namespace {

/// f and its derivative to q = |u|^2.
template <class Real>
struct Factor {
  Real value = 1, slope = 0;
};

struct Linear {
  template <class Real>
  Factor<Real> operator()(Real) const {
    return {};
  }
};

struct Saturable {
  template <class Real>
  Factor<Real> operator()(Real q) const {
    const Real f = 1 / (1 + q);
    return {f, -f * f};
  }
};

struct Relu {
  double threshold;
  template <class Real>
  Factor<Real> operator()(Real q) const {
    const Real t = static_cast<Real>(threshold);
    if (q <= t * t) return {0, 0};
    const Real part = t / std::sqrt(q);
    return {1 - part, part / (2 * q)};
  }
};

/// x = c f(|u|^2) u with u = scale y.
template <class Real, class F>
void Launch(F f, Real scale, Real c, const std::complex<Real>* y, Index count,
            std::complex<Real>* x) {
  for (Index j = 0; j < count; ++j) {
    const Real q = scale * scale * (y[j].real() * y[j].real() + y[j].imag() * y[j].imag());
    const Real factor = c * scale * f(q).value;
    x[j] = {factor * y[j].real(), factor * y[j].imag()};
  }
}

/// dL/du = c (f g + 2 f' conj(u) Re(u g)), in place; returns Re sum u dL/du.
template <class Real, class F>
double Return(F f, Real scale, Real c, const std::complex<Real>* y, Index count,
              std::complex<Real>* g) {
  double sum = 0;
  for (Index j = 0; j < count; ++j) {
    const Real re = scale * y[j].real(), im = scale * y[j].imag();
    const Factor<Real> factor = f(re * re + im * im);
    const Real along = re * g[j].real() - im * g[j].imag();  // Re(u g)
    const Real both = 2 * factor.slope * along;
    g[j] = {c * (factor.value * g[j].real() + both * re),
            c * (factor.value * g[j].imag() - both * im)};
    sum += re * g[j].real() - im * g[j].imag();
  }
  return sum;
}

/// The same for x = c |u|^2: dL/du = 2 c conj(u) Re(g).
template <class Real>
double ReturnIntensity(Real scale, Real c, const std::complex<Real>* y, Index count,
                       std::complex<Real>* g) {
  double sum = 0;
  for (Index j = 0; j < count; ++j) {
    const Real re = scale * y[j].real(), im = scale * y[j].imag();
    const Real both = 2 * c * g[j].real();
    g[j] = {both * re, -both * im};
    sum += both * (re * re + im * im);
  }
  return sum;
}

template <class Real>
void LaunchWith(const PlaneNetworkOptions& options, Real scale, Real c, const std::complex<Real>* y,
                Index count, std::complex<Real>* x) {
  switch (options.activation) {
    case PlaneActivation::None:
      return Launch(Linear(), scale, c, y, count, x);
    case PlaneActivation::Saturable:
      return Launch(Saturable(), scale, c, y, count, x);
    case PlaneActivation::Relu:
      return Launch(Relu{options.threshold}, scale, c, y, count, x);
    case PlaneActivation::Intensity:
      for (Index j = 0; j < count; ++j) x[j] = c * scale * scale * std::norm(y[j]);
  }
}

template <class Real>
double ReturnWith(const PlaneNetworkOptions& options, Real scale, Real c,
                  const std::complex<Real>* y, Index count, std::complex<Real>* g) {
  switch (options.activation) {
    case PlaneActivation::None:
      return Return(Linear(), scale, c, y, count, g);
    case PlaneActivation::Saturable:
      return Return(Saturable(), scale, c, y, count, g);
    case PlaneActivation::Relu:
      return Return(Relu{options.threshold}, scale, c, y, count, g);
    case PlaneActivation::Intensity:
      break;
  }
  return ReturnIntensity(scale, c, y, count, g);
}

}  // namespace

template <class Real>
Eigen::ArrayXd PlaneReencoder<Real>::Scales(Eigen::ArrayXd powers) const {
  layout_.Sum(powers);
  const double all = static_cast<double>(layout_.All());
  return (powers > 0).select((all / powers).sqrt(), 0.0);
}

template <class Real>
void PlaneReencoder<Real>::Apply(const Planes<Real>& y, const Planes<Real>& encoded,
                                 Planes<Real>& x) const {
  const Eigen::ArrayXd scales =
      Scales(y.colwise().squaredNorm().transpose().array().template cast<double>());
  const Real unit = static_cast<Real>(1 / std::sqrt(static_cast<double>(layout_.All())));
  x.resize(y.rows(), y.cols());
  for (Index s = 0; s < y.cols(); ++s) {
    LaunchWith(options_, static_cast<Real>(scales(s)), unit, y.col(s).data(), y.rows(),
               x.col(s).data());
  }
  if (options_.skip) x += encoded;
}

template <class Real>
void PlaneReencoder<Real>::ApplyIntensities(const RealPlanes<Real>& intensities,
                                            const Planes<Real>& encoded, Planes<Real>& x) const {
  const Eigen::ArrayXd scales =
      Scales(intensities.colwise().sum().transpose().array().template cast<double>());
  const double unit = 1 / std::sqrt(static_cast<double>(layout_.All()));
  x.resize(intensities.rows(), intensities.cols());
  for (Index s = 0; s < intensities.cols(); ++s) {
    const auto factor = static_cast<Real>(unit * scales(s) * scales(s));
    x.col(s) = (factor * intensities.col(s)).template cast<std::complex<Real>>();
  }
  if (options_.skip) x += encoded;
}

template <class Real>
void PlaneReencoder<Real>::Backward(const Planes<Real>& y, Planes<Real>& error) const {
  const Eigen::ArrayXd scales =
      Scales(y.colwise().squaredNorm().transpose().array().template cast<double>());
  const double all = static_cast<double>(layout_.All());
  const Real unit = static_cast<Real>(1 / std::sqrt(all));
  Eigen::ArrayXd along(y.cols());  // Re sum u dL/du
  for (Index s = 0; s < y.cols(); ++s) {
    along(s) = ReturnWith(options_, static_cast<Real>(scales(s)), unit, y.col(s).data(), y.rows(),
                          error.col(s).data());
  }
  layout_.Sum(along);
  // The power is normalised: dL/dy = scale (dL/du - conj(u) along / N).
  for (Index s = 0; s < y.cols(); ++s) {
    const auto scale = static_cast<Real>(scales(s));
    const auto radial = static_cast<Real>(scales(s) * scales(s) * along(s) / all);
    error.col(s) = scale * error.col(s) - radial * y.col(s).conjugate();
  }
}

template class PlaneReencoder<float>;
template class PlaneReencoder<double>;

}  // namespace symwave::training::bench
