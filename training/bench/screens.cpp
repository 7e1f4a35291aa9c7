#include "training/bench/screens.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/diffraction/thin_optics.hpp"
#include "training/bench/noise.hpp"

namespace symwave::training::bench {

namespace {

using solvers::diffraction::PlaneGrid;
using solvers::diffraction::PlaneShare;

/// Half-width of the filter over the correlation; exp(-2 2.8^2) = 1.5e-7 is left out.
constexpr double kFilterReach = 2.8;

enum ScreenDraw : std::uint64_t { kScreen = 1, kMedium = 2 };

/// exp(-2 (k pitch / correlation)^2) for |k| <= reach, its squares summing to 1.
std::vector<double> FilterWeights(double pitch, double correlation) {
  const int reach = static_cast<int>(std::ceil(kFilterReach * correlation / pitch));
  std::vector<double> weights;
  double squares = 0;
  for (int k = -reach; k <= reach; ++k) {
    const double r = correlation > 0 ? k * pitch / correlation : 0;
    weights.push_back(std::exp(-2 * r * r));
    squares += weights.back() * weights.back();
  }
  for (double& w : weights) w /= std::sqrt(squares);
  return weights;
}

/// Row j of the noise (any integer), filtered along x.
void NoiseRow(int j, std::uint64_t stream, const std::vector<double>& weights,
              std::vector<double>& noise, Eigen::ArrayXd& row) {
  const long nx = row.size();
  const int reach = static_cast<int>(weights.size() / 2);
  const std::uint64_t line = NoiseStream(stream, {static_cast<std::uint64_t>(j)});
  const auto count = static_cast<std::size_t>(nx + 2 * reach);
  noise.resize(2 * count);
  GaussianPairs(line, static_cast<std::uint64_t>(-reach), 1, count, noise.data(),
                noise.data() + count);
  row.setZero();
  for (std::size_t k = 0; k < weights.size(); ++k) {
    row += weights[k] * Eigen::Map<const Eigen::ArrayXd>(noise.data() + k, nx);
  }
}

/// Q with Q'' = exp(-(u / length)^2).
double SecondIntegral(double u, double length) {
  return 0.5 * std::sqrt(M_PI) * length * u * std::erf(u / length) +
         0.5 * length * length * std::exp(-u * u / (length * length));
}

/// Integral of exp(-((z - z') / length)^2) over z in (a, b), z' in (c, d).
double OverlapIntegral(double a, double b, double c, double d, double length) {
  return SecondIntegral(b - c, length) + SecondIntegral(a - d, length) -
         SecondIntegral(b - d, length) - SecondIntegral(a - c, length);
}

}  // namespace

void CheckMedium(const ThickMediumOptions& options) {
  if (options.slices < 1) {
    base::Fail("a medium of {} slices was given: give at least 1", options.slices);
  }
  if (!(options.correlation > 0)) {
    base::Fail(
        "a medium with the correlation length {} um has no fluctuations of finite size: give more "
        "than 0, or thickness 0",
        options.correlation);
  }
}

Eigen::ArrayXd RandomScreen(const PlaneShare& share, double correlation, std::uint64_t stream) {
  const PlaneGrid& grid = share.Grid();
  const std::vector<double> weights = FilterWeights(grid.pitch, correlation);
  const std::vector<double> across = grid.ny > 1 ? weights : std::vector<double>{1.0};
  const int reach = static_cast<int>(across.size() / 2);
  Eigen::ArrayXd screen = Eigen::ArrayXd::Zero(share.Pixels());
  Eigen::ArrayXd row(grid.nx);
  std::vector<double> noise;
  const int first = share.FirstRow(), end = first + share.Rows();
  for (int j = first - reach; j < end + reach && share.Rows() > 0; ++j) {
    NoiseRow(j, stream, weights, noise, row);
    for (int to = std::max(first, j - reach); to < std::min(end, j + reach + 1); ++to) {
      screen.segment(static_cast<long>(to - first) * grid.nx, grid.nx) +=
          across[j - to + reach] * row;
    }
  }
  return screen;
}

Eigen::ArrayXd ScreenPhase(const PlaneShare& share, const ScreenOptions& options) {
  Eigen::ArrayXd phase =
      solvers::diffraction::ZernikePhase(share, {options.defocus, options.coma, options.spherical});
  if (options.rms > 0) {
    phase += options.rms *
             RandomScreen(share, options.correlation, NoiseStream(options.seed, {kScreen}));
  }
  return phase;
}

Eigen::MatrixXd SliceCovariance(const ThickMediumOptions& options) {
  CheckMedium(options);
  // Slices behind the middle, z >= 0; the middle one of an odd number is twice its half.
  const int count = (options.slices + 1) / 2;
  const double width = options.thickness / options.slices;
  const bool odd = options.slices % 2 == 1;
  const auto begin = [&](int s) { return odd ? std::max(0.0, (s - 0.5) * width) : s * width; };
  const auto end = [&](int s) { return odd ? (s + 0.5) * width : (s + 1) * width; };
  const auto factor = [&](int s) { return odd && s == 0 ? 2.0 : 1.0; };
  Eigen::MatrixXd covariance(count, count);
  for (int s = 0; s < count; ++s) {
    for (int t = 0; t < count; ++t) {
      covariance(count - 1 - s, count - 1 - t) =
          factor(s) * factor(t) *
          OverlapIntegral(begin(s), end(s), begin(t), end(t), options.correlation);
    }
  }
  return covariance;
}

std::vector<Eigen::ArrayXd> MediumPhases(const PlaneShare& share, double wavelength,
                                         const ThickMediumOptions& options) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(SliceCovariance(options));
  const Eigen::MatrixXd root =
      solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  const double scale = 2 * M_PI / wavelength * options.index_rms;
  std::vector<Eigen::ArrayXd> phases(root.rows(), Eigen::ArrayXd::Zero(share.Pixels()));
  for (Eigen::Index q = 0; q < root.cols(); ++q) {
    const Eigen::ArrayXd part =
        RandomScreen(share, options.correlation,
                     NoiseStream(options.seed, {kMedium, static_cast<std::uint64_t>(q)}));
    for (Eigen::Index s = 0; s < root.rows(); ++s) phases[s] += scale * root(s, q) * part;
  }
  return phases;
}

}  // namespace symwave::training::bench
