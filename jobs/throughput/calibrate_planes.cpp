#include <algorithm>
#include <cmath>

#include "jobs/throughput/calibration.hpp"
#include "jobs/throughput/median_seconds.hpp"
#include "solvers/diffraction/propagation.hpp"
#include "training/bench/bench_paths.hpp"
#include "training/bench/bench_system.hpp"

namespace symwave::jobs::throughput {

namespace {

using run::Machine;
using run::Operation;
using namespace training::bench;

constexpr int kPlaneEdge = 96, kPlanes = 4;

BenchGeometry SampleGeometry() {
  BenchGeometry geometry;
  geometry.pixels_x = geometry.pixels_y = kPlaneEdge;
  geometry.distance = 20000;
  return geometry;
}

ComputeOptions SampleCompute() {
  ComputeOptions compute;
  compute.tile = kPlanes;
  return compute;
}

/// Seconds of a plane from the launch to the measured field.
double PlaneSeconds(const BenchErrors& errors, double seconds) {
  const BenchSystem<float> bench(MPI_COMM_SELF, SampleGeometry(), errors, SampleCompute());
  Planes<float> light(bench.Pixels(), kPlanes);
  for (Eigen::Index k = 0; k < light.size(); ++k) {
    light(k) = std::polar(0.5F + 0.5F * std::sin(0.1F * static_cast<float>(k % 977)),
                          0.01F * static_cast<float>(k));
  }
  return MedianSeconds(
             seconds, [&] { bench.Transmit(light, training::Side::Input, Measure::Outputs, {}); }) /
         kPlanes;
}

double PropagationSeconds(double seconds, double& padded) {
  const BenchGeometry geometry = SampleGeometry();
  const solvers::diffraction::PlaneGrid grid{kPlaneEdge, kPlaneEdge, geometry.pitch};
  const solvers::diffraction::PlaneShare share(MPI_COMM_SELF, grid);
  const auto options = PropagationOf(geometry, SampleCompute());
  padded = CheckSampling(grid, options).padded;
  const solvers::diffraction::Propagation<float> propagation(share, options);
  solvers::diffraction::Fields<float> planes(share.Pixels(), kPlanes);
  planes.setOnes();
  return MedianSeconds(seconds, [&] { propagation.Forward(planes); }) / kPlanes;
}

BenchErrors LaunchErrorsOf() {
  BenchErrors errors;
  errors.launch.amplitude.bits = errors.launch.phase.bits = 8;
  errors.launch.amplitude.dark_level = 0.03;
  errors.launch.amplitude.gain_sigma = errors.launch.phase.gain_sigma = 0.03;
  return errors;
}

}  // namespace

void CalibratePlanes(Machine& machine, double seconds) {
  constexpr double pixels = static_cast<double>(kPlaneEdge) * kPlaneEdge;
  double padded = 0;
  const double propagation = PropagationSeconds(seconds, padded);
  machine.Of(Operation::Fourier) = propagation / (padded * padded * std::log2(padded * padded));
  BenchErrors noisy, counting;
  noisy.detection.field_noise = 0.03;
  counting.detection.photons = 100;
  const double plain = PlaneSeconds({}, seconds);
  const auto added = [&](const BenchErrors& errors) {
    return std::max(kLeastSeconds, (PlaneSeconds(errors, seconds) - plain) / pixels);
  };
  machine.Of(Operation::Pixel) = std::max(kLeastSeconds, (plain - propagation) / pixels);
  machine.Of(Operation::Noise) = added(noisy);
  machine.Of(Operation::Photon) = added(counting);
  machine.Of(Operation::Launch) = added(LaunchErrorsOf());
}

}  // namespace symwave::jobs::throughput
