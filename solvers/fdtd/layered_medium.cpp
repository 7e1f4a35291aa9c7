#include "solvers/fdtd/layered_medium.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/axis.hpp"
#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using Complex = std::complex<double>;
using Vector3 = Eigen::Vector3d;
using domain::kI;

/// The root that decays or travels towards the far side.
Complex WaveNumber(Complex square) {
  const Complex root = std::sqrt(square);
  return root.imag() < 0 || (root.imag() == 0 && root.real() < 0) ? -root : root;
}

/// 0 for media in which no light arrives far away.
double TransparentIndex(Complex eps) {
  const bool transparent = eps.real() > 0 && std::abs(eps.imag()) <= 1e-6 * eps.real();
  return transparent ? std::sqrt(eps.real()) : 0;
}

}  // namespace

size_t IncomingWave::LayerOf(double height) const {
  const auto above = std::upper_bound(ends_.begin(), ends_.end(), sense_ * height);
  return static_cast<size_t>(above - ends_.begin());
}

Complex IncomingWave::AlongAt(double height) const {
  return k_[LayerOf(height)];
}

LayerField IncomingWave::At(double height, Complex inverse_eps) const {
  const size_t layer = LayerOf(height);
  const double x = sense_ * height;
  const Complex k = k_[layer];
  // The incoming part counts from the layer's near end, the returned one from its far end; the
  // outermost layers have one end only.
  const double near = layer < ends_.size() ? ends_[layer] : (ends_.empty() ? 0 : ends_.back());
  const double far = layer > 0 ? ends_[layer - 1] : near;
  const Complex in = incoming_[layer] * std::exp(-kI * k * (x - near));
  const Complex back =
      returned_[layer] == 0.0 ? Complex(0) : returned_[layer] * std::exp(kI * k * (x - far));
  const Complex u = in + back;
  const Complex slope = sense_ * kI * k * (back - in);
  const Eigen::Vector3cd side = side_.cast<Complex>(), along = along_.cast<Complex>();
  const Eigen::Vector3cd axis = axis_.cast<Complex>();
  if (!magnetic_) {
    return {side * u, (axis * (kI * kappa_ * u) - along * slope) / (kI * omega_)};
  }
  // The slope over eps is continuous, so that both parts of E can take the mean of 1/eps; the one
  // across takes that of the layer itself.
  const Complex layer_eps = (k * k + kappa_ * kappa_) / (omega_ * omega_);
  const Complex factor = kI / omega_;
  return {axis * (factor * inverse_eps * kI * kappa_ * u) - along * (factor * slope / layer_eps),
          side * u};
}

LayeredMedium::LayeredMedium(int axis, std::vector<double> interfaces, std::vector<Complex> eps,
                             double omega)
    : axis_(axis),
      interfaces_(std::move(interfaces)),
      eps_(std::move(eps)),
      omega_(omega),
      index_{TransparentIndex(eps_.front()), TransparentIndex(eps_.back())} {
  base::Require(eps_.size() == interfaces_.size() + 1, "one layer more than interfaces");
}

void IncomingWave::Follow(const std::vector<Complex>& eps, Complex amplitude) {
  const size_t count = eps.size();
  // Reflection at the far end of every layer, seen from it; `behind` is what the layer behind that
  // end sends back to it.
  std::vector<Complex> reflected(count, 0), fresnel(count, 0), phase(count, 1), behind(count, 0);
  for (size_t j = 1; j < count; ++j) {
    const Complex a = k_[j] / (magnetic_ ? eps[j] : Complex(1));
    const Complex b = k_[j - 1] / (magnetic_ ? eps[j - 1] : Complex(1));
    fresnel[j] = (a - b) / (a + b);
    if (j >= 2) behind[j] = reflected[j - 1] * phase[j - 1] * phase[j - 1];
    reflected[j] = (fresnel[j] + behind[j]) / (1.0 + fresnel[j] * behind[j]);
    if (j + 1 < count) phase[j] = std::exp(kI * k_[j] * (ends_[j] - ends_[j - 1]));
  }
  incoming_.assign(count, 0);
  returned_.assign(count, 0);
  incoming_.back() = amplitude;
  for (size_t j = count - 1; j >= 1; --j) {
    const Complex arriving = incoming_[j] * phase[j];
    returned_[j] = arriving * reflected[j];
    incoming_[j - 1] = arriving * (1.0 + fresnel[j]) / (1.0 + fresnel[j] * behind[j]);
  }
}

IncomingWave LayeredMedium::From(const Vector3& direction, bool magnetic, bool flat) const {
  const int side = SideOf(direction);
  base::Require(index_[side] > 0, "no wave comes from a medium that carries none");
  IncomingWave wave;
  wave.magnetic_ = magnetic;
  wave.omega_ = omega_;
  wave.sense_ = side == 1 ? 1 : -1;
  wave.axis_ = Vector3::Unit(axis_);
  const double k = index_[side] * omega_;
  Vector3 across = -k * direction;
  across[axis_] = 0;
  wave.kappa_ = across.norm();
  const int next = (axis_ + 1) % 3;
  wave.along_ = wave.kappa_ > 1e-12 * k ? Vector3(across / wave.kappa_)
                                        : Vector3(Vector3::Unit(flat && next == 2 ? 0 : next));
  wave.across_ = across;
  wave.side_ = wave.axis_.cross(wave.along_);

  const size_t count = eps_.size();
  std::vector<Complex> layers = eps_;
  wave.ends_ = interfaces_;
  if (side == 0) {
    std::reverse(layers.begin(), layers.end());
    std::reverse(wave.ends_.begin(), wave.ends_.end());
    for (double& end : wave.ends_) end = -end;
  }
  for (const Complex eps : layers) {
    wave.k_.push_back(WaveNumber(eps * omega_ * omega_ - wave.kappa_ * wave.kappa_));
  }
  // The near half-space has the wave number of the direction, free of rounding.
  wave.k_.back() = k * std::abs(direction[axis_]);

  const double top = count > 1 ? wave.ends_.back() : 0;
  wave.Follow(layers, (magnetic ? Complex(index_[side]) : Complex(1)) *
                          std::exp(-kI * wave.k_.back() * top));
  // Of unit E far away: s along side_; p is -(kappa a + sense k_a q) / k, H along side_.
  wave.polarization_ =
      magnetic
          ? Vector3(
                -(wave.kappa_ * wave.axis_ + wave.sense_ * wave.k_.back().real() * wave.along_) / k)
          : wave.side_;
  return wave;
}

Complex LayeredMedium::InverseEps(double low, double high) const {
  Complex sum = 0;
  for (size_t j = 0; j < eps_.size(); ++j) {
    const double bottom = j == 0 ? low : std::max(low, interfaces_[j - 1]);
    const double top = j == interfaces_.size() ? high : std::min(high, interfaces_[j]);
    if (top > bottom) sum += (top - bottom) / eps_[j];
  }
  return sum / (high - low);
}

double LayeredMedium::LargestIndex() const {
  double densest = 0;
  for (const Complex eps : eps_) densest = std::max(densest, std::sqrt(eps).real());
  return densest;
}

bool LayeredMedium::TakesLight() const {
  const bool takes =
      std::any_of(eps_.begin(), eps_.end(), [](Complex eps) { return TransparentIndex(eps) == 0; });
  return takes || LargestIndex() > std::max(index_[0], index_[1]) * (1 + 1e-9);
}

}  // namespace symwave::solvers::fdtd
