#include "training/bench/bench_metrics.hpp"

#include <array>
#include <cmath>

#include "domain/base/communicator.hpp"

namespace symwave::training::bench {

OperationEnergy EnergyPerOperation(const BenchEffort& effort, const BenchGeometry& geometry,
                                   const DetectionErrors& detection, long samples, int layers) {
  constexpr double planck = 6.62607015e-34, light = 299792458;  // J s, m / s
  const double pixels = static_cast<double>(geometry.pixels_x) * geometry.pixels_y;
  const double operations = static_cast<double>(samples) * layers * pixels * pixels;
  const double joules = planck * light / (1e-6 * geometry.wavelength) / operations;
  const double signal = effort.Photons(geometry, detection);
  return {signal * joules, (signal + effort.ReferencePhotons(geometry, detection)) * joules};
}

double CosineOver(MPI_Comm comm, const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  std::array<double, 3> sums{a.dot(b), a.squaredNorm(), b.squaredNorm()};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 3, MPI_DOUBLE, MPI_SUM, comm));
  const double norms = std::sqrt(sums[1] * sums[2]);
  return norms > 0 ? sums[0] / norms : 0;
}

}  // namespace symwave::training::bench
