#include "training/bench/launcher.hpp"

#include <complex>

#include "domain/base/communicator.hpp"

namespace symwave::training::bench {

using solvers::diffraction::Fields;

namespace {

/// Of the whole planes. Collective.
template <class Real>
Eigen::ArrayXd Peaks(const solvers::diffraction::PlaneShare& share, const Fields<Real>& planes) {
  Eigen::ArrayXd peaks = Eigen::ArrayXd::Zero(planes.cols());
  if (planes.rows() > 0) {
    peaks = planes.cwiseAbs2().colwise().maxCoeff().transpose().template cast<double>().array();
  }
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, peaks.data(), static_cast<int>(peaks.size()), MPI_DOUBLE,
                          MPI_MAX, share.Comm()));
  return peaks.sqrt();
}

}  // namespace

Launcher::Launcher(const solvers::diffraction::PlaneShare& share, const LaunchErrors& errors)
    : share_(share),
      exact_(errors.Empty()),
      dark_level_(errors.amplitude.dark_level),
      amplitude_(share, errors.amplitude),
      phase_(share, errors.phase) {}

template <class Real>
void Launcher::Launch(Fields<Real>& planes) const {
  if (exact_) return;
  const Eigen::ArrayXd peaks = Peaks(share_, planes);
  for (Eigen::Index p = 0; p < planes.cols(); ++p) {
    if (peaks(p) == 0) continue;
    const Eigen::ArrayXcd wanted = planes.col(p).template cast<std::complex<double>>().array();
    const Eigen::ArrayXd level = wanted.abs2().sqrt() / peaks(p);
    const Eigen::ArrayXd phase = (level < 0.5 * dark_level_).select(0, wanted.arg());
    planes.col(p) = (peaks(p) * amplitude_.Amplitude(level) * phase_.Transmission(phase))
                        .template cast<std::complex<Real>>()
                        .matrix();
  }
}

template void Launcher::Launch(Fields<float>&) const;
template void Launcher::Launch(Fields<double>&) const;

}  // namespace symwave::training::bench
