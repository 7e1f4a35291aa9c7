#include "training/bench/error_launch.hpp"

#include <utility>

namespace symwave::training::bench {

template <class Real>
MeasuredMask<Real> MeasureMask(const BenchSystem<Real>& bench, int launches,
                               const MeasurementKey& key) {
  const PlaneLayout layout = LayoutOf(bench);
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
                                const MeasuredMask<Real>* mask, Planes<Real>& g,
                                const MeasurementKey& key) {
  ReturnedError<Real> returned;
  if (mask != nullptr) {
    g.array().colwise() *= mask->inverse;
    returned.at_mask = bench.Transmit(g, Side::Input, Measure::Outputs, key).outputs;
    returned.behind = returned.at_mask.array().colwise() * mask->transmission;
    return returned;
  }
  const Measure measure =
      side == Side::Input ? Measure::OutputsAndUnmasked : Measure::OutputsAndMask;
  BenchTransmission<Real> measured = bench.Transmit(g, side, measure, key);
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

template MeasuredMask<float> MeasureMask(const BenchSystem<float>&, int, const MeasurementKey&);
template MeasuredMask<double> MeasureMask(const BenchSystem<double>&, int, const MeasurementKey&);
template ReturnedError<float> LaunchError(const BenchSystem<float>&, Side,
                                          const MeasuredMask<float>*, Planes<float>&,
                                          const MeasurementKey&);
template ReturnedError<double> LaunchError(const BenchSystem<double>&, Side,
                                           const MeasuredMask<double>*, Planes<double>&,
                                           const MeasurementKey&);
template void AddPhaseGradient<float>(const Planes<float>&, const Planes<float>&, double*);
template void AddPhaseGradient<double>(const Planes<double>&, const Planes<double>&, double*);

}  // namespace symwave::training::bench
