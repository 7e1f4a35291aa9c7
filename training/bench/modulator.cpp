#include "training/bench/modulator.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/random.hpp"
#include "training/bench/noise.hpp"
#include "training/random.hpp"
#include "training/sincos.hpp"

namespace symwave::training::bench {

namespace {

using Eigen::ArrayXd;

constexpr double kBlurReach = 4;  // radii; exp(-16) = 1e-7 is left out

enum ModulatorDraw : std::uint64_t { kGain = 3, kOffset = 4 };

std::vector<double> BlurWeights(double radius, const solvers::diffraction::PlaneGrid& grid) {
  const double pitch = grid.pitch;
  const int reach = static_cast<int>(
      std::min<double>(std::max(grid.nx, grid.ny), std::floor(kBlurReach * radius / pitch)));
  std::vector<double> weights;
  for (int k = -reach; k <= reach; ++k) {
    weights.push_back(radius > 0 ? std::exp(-std::pow(k * pitch / radius, 2)) : 1.0);
  }
  return weights;
}

/// Pixels first, first + 1 ... along an axis of `count` that are mixed into pixel `at`; weights of
/// sum 1.
struct Window {
  int first = 0;
  std::vector<double> weights;
};

Window WindowAt(int at, int count, const std::vector<double>& weights) {
  const int reach = static_cast<int>(weights.size() / 2);
  const int first = std::max(0, at - reach), end = std::min(count, at + reach + 1);
  Window window{first,
                {weights.begin() + (first - at + reach), weights.begin() + (end - at + reach)}};
  double sum = 0;
  for (const double w : window.weights) sum += w;
  for (double& w : window.weights) w /= sum;
  return window;
}

ArrayXd PerPixel(const solvers::diffraction::PlaneShare& share, double (*draw)(std::uint64_t, long),
                 std::uint64_t stream) {
  ArrayXd values(share.Pixels());
  for (long p = 0; p < values.size(); ++p) values[p] = draw(stream, share.FirstPixel() + p);
  return values;
}

/// 1 + sigma N(0, 1) per pixel; empty for sigma = 0.
ArrayXd Gains(const solvers::diffraction::PlaneShare& share, double sigma, std::uint64_t seed) {
  if (sigma == 0) return {};
  const auto draw = [](std::uint64_t s, long p) { return Gaussians(s, p).a; };
  return 1 + sigma * PerPixel(share, draw, NoiseStream(seed, {kGain}));
}

}  // namespace

PhaseModulator::PhaseModulator(const solvers::diffraction::PlaneShare& share,
                               const ModulatorErrors& errors)
    : share_(share),
      errors_(errors),
      weights_(BlurWeights(errors.crosstalk, share.Grid())),
      halo_(share, static_cast<int>(weights_.size() / 2)),
      gain_(Gains(share, errors.gain_sigma, errors.seed)) {
  if (errors.offset_range > 0) {
    const auto draw = [](std::uint64_t s, long p) {
      return 2 * base::ToUniform(base::MixSeed(s, p)) - 1;
    };
    offset_ = errors.offset_range * PerPixel(share, draw, NoiseStream(errors.seed, {kOffset}));
  }
}

ArrayXd PhaseModulator::Driven(const ArrayXd& commands) const {
  const double step = errors_.bits > 0 ? 2 * M_PI / std::pow(2.0, errors_.bits) : 0;
  ArrayXd phase = commands.unaryExpr([=](double theta) {
    const double near = step > 0 ? step * std::round(theta / step) : theta;
    return near - 2 * M_PI * std::floor((near + M_PI) / (2 * M_PI));
  });
  if (errors_.lookup_error != 0) phase += errors_.lookup_error * (2 * phase).sin();
  if (gain_.size() > 0) phase *= gain_;
  return phase;
}

ArrayXd PhaseModulator::Blurred(const ArrayXd& phase) const {
  const ArrayXd rows = halo_.Exchange(phase);
  const int nx = share_.Grid().nx;
  const int first = share_.FirstRow() - halo_.FirstRow();
  std::vector<Window> along_x;
  for (int i = 0; i < nx; ++i) along_x.push_back(WindowAt(i, nx, weights_));
  ArrayXd blurred = ArrayXd::Zero(phase.size());
  ArrayXd row(nx);
  for (int j = 0; j < share_.Rows(); ++j) {
    const Window along_y = WindowAt(first + j, halo_.Rows(), weights_);
    row.setZero();
    for (std::size_t k = 0; k < along_y.weights.size(); ++k) {
      row += along_y.weights[k] * rows.segment((along_y.first + static_cast<long>(k)) * nx, nx);
    }
    for (int i = 0; i < nx; ++i) {
      double& mixed = blurred[static_cast<long>(j) * nx + i];
      for (std::size_t k = 0; k < along_x[i].weights.size(); ++k) {
        mixed += along_x[i].weights[k] * row[along_x[i].first + static_cast<long>(k)];
      }
    }
  }
  return blurred;
}

Eigen::ArrayXcd PhaseModulator::Transmission(const ArrayXd& commands) const {
  ArrayXd phase = Driven(commands);
  if (weights_.size() > 1) phase = Blurred(phase);
  if (offset_.size() > 0) phase += offset_;
  ArrayXd cosine(phase.size()), sine(phase.size());
  SinCos(phase.data(), cosine.data(), sine.data(), static_cast<std::size_t>(phase.size()));
  const double leak = errors_.zero_order;
  Eigen::ArrayXcd transmission(phase.size());
  transmission.real() = leak + (1 - leak) * cosine;
  transmission.imag() = (1 - leak) * sine;
  return transmission;
}

AmplitudeModulator::AmplitudeModulator(const solvers::diffraction::PlaneShare& share,
                                       const AmplitudeErrors& errors)
    : errors_(errors), gain_(Gains(share, errors.gain_sigma, errors.seed)) {}

ArrayXd AmplitudeModulator::Amplitude(const ArrayXd& levels) const {
  const double top = errors_.bits > 0 ? std::pow(2.0, errors_.bits) - 1 : 0;
  const double table = errors_.lookup_error, dark = errors_.dark_level;
  ArrayXd amplitude = levels.unaryExpr([=](double level) {
    const double near = top > 0 ? std::round(level * top) / top : level;
    return std::max(dark, table == 0 ? near : near + table * std::sin(2 * M_PI * near));
  });
  if (gain_.size() > 0) amplitude *= gain_;
  return amplitude;
}

}  // namespace symwave::training::bench
