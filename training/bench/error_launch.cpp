#include "training/bench/error_launch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "training/bench/noise.hpp"

namespace symwave::training::bench {

namespace {

constexpr Eigen::Index kJudgedPlanes = 4;  // whose symmetry is measured

/// kJudgedPlanes of even light with a random phase in each pixel.
template <class Real>
Planes<Real> RandomPhases(const PixelRange& layout, std::uint64_t seed) {
  Planes<Real> planes(layout.count, kJudgedPlanes);
  for (Eigen::Index s = 0; s < planes.cols(); ++s) {
    const std::uint64_t stream = NoiseStream(seed, {static_cast<std::uint64_t>(s)});
    for (Eigen::Index i = 0; i < planes.rows(); ++i) {
      const auto pixel = static_cast<std::uint64_t>(layout.first + i);
      planes(i, s) = std::complex<Real>(std::polar(1.0, RandomPhase(stream, pixel)));
    }
  }
  return planes;
}

/// As error fields of spots: a window of an eighth of the plane in the middle of each quarter, all
/// else dark.
template <class Real>
Planes<Real> RandomSpots(const PixelRange& layout, std::uint64_t seed) {
  Planes<Real> planes = RandomPhases<Real>(layout, seed);
  const auto outside = [](Eigen::Index at, Eigen::Index side, int pixels) {
    return pixels > 1 && std::abs(8 * at + 4 - 2 * (1 + 2 * side) * pixels) > pixels / 2 + 4;
  };
  for (Eigen::Index s = 0; s < planes.cols(); ++s) {
    for (Eigen::Index i = 0; i < planes.rows(); ++i) {
      const Eigen::Index pixel = layout.first + i;
      if (outside(pixel % layout.nx, s % 2, layout.nx) ||
          outside(pixel / layout.nx, s / 2, layout.ny)) {
        planes(i, s) = 0;
      }
    }
  }
  return planes;
}

template <class Real>
BenchTransmission<Real> Sent(const BenchSystem<Real>& bench, Side side, Measure measure,
                             const Planes<Real>& g, bool differential, const MeasurementKey& key) {
  BenchTransmission<Real> measured = bench.Transmit(g, side, measure, key);
  if (!differential) return measured;
  MeasurementKey opposite = key;
  opposite.kind = kOppositeError;
  const BenchTransmission<Real> other = bench.Transmit(-g, side, measure, opposite);
  const auto half = static_cast<Real>(0.5);
  measured.outputs = half * (measured.outputs - other.outputs);
  measured.at_mask = half * (measured.at_mask - other.at_mask);
  return measured;
}

}  // namespace

template <class Real>
MeasuredMask<Real> MeasureMask(const BenchSystem<Real>& bench, int launches,
                               const MeasurementKey& key) {
  const PixelRange layout = PixelRangeOf(bench);
  const Planes<Real> even = Planes<Real>::Ones(layout.count, launches);
  const Planes<Real> behind =
      bench.Transmit(even, Side::Input, Measure::OutputsAndMask, key).at_mask;
  MeasuredMask<Real> mask{behind.rowwise().mean().array(), {}};
  Eigen::ArrayXd mean(1);
  mean(0) = mask.transmission.abs2().template cast<double>().sum();
  layout.Sum(mean);
  // A pixel that noise made dark must not get all the light.
  const auto least = static_cast<Real>(0.25 * mean(0) / static_cast<double>(layout.All()));
  mask.inverse = mask.transmission.conjugate() /
                 mask.transmission.abs2().max(least).template cast<std::complex<Real>>();
  return mask;
}

template <class Real>
ReturnedError<Real> LaunchError(const BenchSystem<Real>& bench, Side side,
                                const MeasuredMask<Real>* mask, Planes<Real>& g, bool differential,
                                const MeasurementKey& key) {
  ReturnedError<Real> returned;
  if (mask != nullptr) {
    g.array().colwise() *= mask->inverse;
    returned.at_mask =
        Sent<Real>(bench, Side::Input, Measure::Outputs, g, differential, key).outputs;
    returned.behind = returned.at_mask.array().colwise() * mask->transmission;
    return returned;
  }
  const Measure measure =
      side == Side::Input ? Measure::OutputsAndUnmasked : Measure::OutputsAndMask;
  BenchTransmission<Real> measured = Sent<Real>(bench, side, measure, g, differential, key);
  returned.at_mask = std::move(measured.at_mask);
  returned.behind = std::move(measured.outputs);
  return returned;
}

template <class Real>
void AddPhaseGradient(const Planes<Real>& e, const Planes<Real>& v, double* gradient) {
  for (Eigen::Index s = 0; s < e.cols(); ++s) {
    const std::complex<Real>* es = e.col(s).data();
    const std::complex<Real>* vs = v.col(s).data();
    for (Eigen::Index j = 0; j < e.rows(); ++j) {
      gradient[j] -= 2 * (es[j].real() * vs[j].imag() + es[j].imag() * vs[j].real());
    }
  }
}

template <class Real>
Eigen::MatrixXcd Products(const Planes<Real>& a, const Planes<Real>& b) {
  const Eigen::Index planes = std::min<Eigen::Index>(a.cols(), kJudgedPlanes);
  // One by one: Eigen's blocked product would wake its threads for so little.
  Eigen::MatrixXcd products(planes, planes);
  for (Eigen::Index s = 0; s < planes; ++s) {
    for (Eigen::Index t = 0; t < planes; ++t) {
      products(s, t) = std::complex<double>(a.col(s).cwiseProduct(b.col(t)).sum());
    }
  }
  return products;
}

Eigen::Array2d SquaredDefect(const PixelRange& layout, const Eigen::MatrixXcd& from_outputs,
                             const Eigen::MatrixXcd& from_mask) {
  Eigen::ArrayXXcd products(from_outputs.size(), 2);
  products << from_outputs.reshaped(), from_mask.reshaped();
  Eigen::ArrayXXd parts(2 * from_outputs.size(), 2);
  parts << products.real(), products.imag();
  layout.Sum(parts);
  return {(parts.col(0) - parts.col(1)).square().sum(), parts.col(0).square().sum()};
}

template <class Real>
double SymmetryDefect(const BenchSystem<Real>& bench, bool differential, std::uint64_t step) {
  const PixelRange layout = PixelRangeOf(bench);
  const Planes<Real> x = RandomPhases<Real>(layout, 1);
  Planes<Real> g = RandomSpots<Real>(layout, 2);
  const BenchTransmission<Real> measured =
      bench.Transmit(x, Side::Input, Measure::OutputsAndMask, {step, 0, kData});
  const Eigen::MatrixXcd from_outputs = Products<Real>(g, measured.outputs);
  const bool before = bench.Geometry().mask == MaskPlace::Input;
  MeasuredMask<Real> mask;
  if (before) mask = MeasureMask(bench, static_cast<int>(kJudgedPlanes), {step, 0, kCalibration});
  const ReturnedError<Real> returned =
      LaunchError(bench, Side::Input, before ? &mask : nullptr, g, differential, {step, 0, kError});
  const Eigen::Array2d squares =
      SquaredDefect(layout, from_outputs, Products<Real>(returned.at_mask, measured.at_mask));
  return std::sqrt(squares(0) / squares(1));
}

template MeasuredMask<float> MeasureMask(const BenchSystem<float>&, int, const MeasurementKey&);
template MeasuredMask<double> MeasureMask(const BenchSystem<double>&, int, const MeasurementKey&);
template ReturnedError<float> LaunchError(const BenchSystem<float>&, Side,
                                          const MeasuredMask<float>*, Planes<float>&, bool,
                                          const MeasurementKey&);
template ReturnedError<double> LaunchError(const BenchSystem<double>&, Side,
                                           const MeasuredMask<double>*, Planes<double>&, bool,
                                           const MeasurementKey&);
template Eigen::MatrixXcd Products<float>(const Planes<float>&, const Planes<float>&);
template Eigen::MatrixXcd Products<double>(const Planes<double>&, const Planes<double>&);
template double SymmetryDefect<float>(const BenchSystem<float>&, bool, std::uint64_t);
template double SymmetryDefect<double>(const BenchSystem<double>&, bool, std::uint64_t);
template void AddPhaseGradient<float>(const Planes<float>&, const Planes<float>&, double*);
template void AddPhaseGradient<double>(const Planes<double>&, const Planes<double>&, double*);

}  // namespace symwave::training::bench
