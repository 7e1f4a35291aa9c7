// A free-space bench as training sees it: masks are programmed, planes of light are launched and
// measured. [front path | phase mask | back path]; the trainer's model of it is the same class
// without errors.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <complex>
#include <cstdint>
#include <memory>
#include <vector>

#include "training/bench/bench_options.hpp"
#include "training/optical_system.hpp"

namespace symwave::training::bench {

/// Pixels of this rank (row by row, x fastest) x planes.
template <class Real>
using Planes = Eigen::Matrix<std::complex<Real>, Eigen::Dynamic, Eigen::Dynamic>;

/// Kinds of measurements.
constexpr int kData = 0, kError = 1, kTest = 2, kCalibration = 3, kOppositeError = 4;
/// From here on kinds of a job.
constexpr int kFirstOfJob = 5;

/// Names a measurement, so that its noise depends on nothing else.
struct MeasurementKey {
  std::uint64_t step = 0;
  int layer = 0;
  int kind = kData;              ///< those above
  const int* samples = nullptr;  ///< number of each plane's sample; null: 0, 1, 2 ...
};

template <class Real>
struct BenchTransmission {
  Planes<Real> outputs;  ///< measured amplitudes in the plane opposite to the launch
  /// Measured amplitudes at the mask; empty unless asked for.
  Planes<Real> at_mask;
};

/// What Transmit measures; "in front" and "behind" are seen along the launched light.
enum class Measure {
  Outputs,
  /// Also at the mask: behind it for launches at the input side (v = M F x), in front of it from
  /// the output side (G^T g).
  OutputsAndMask,
  /// Also in front of the mask from both sides: F g for the error pass of the forward mode, whose
  /// e must not contain the unknown offsets of the mask.
  OutputsAndUnmasked,
};

/// All members are collective on PlaneComm(). Amplitudes: y = G M F x, F before the mask M and G
/// behind it.
template <class Real>
class BenchSystem {
 public:
  /// `plane_comm`: ranks that share every plane (MPI_COMM_SELF: whole planes on every rank); not
  /// owned. UserError for a geometry that cannot be sampled.
  BenchSystem(MPI_Comm plane_comm, const BenchGeometry& geometry, const BenchErrors& errors,
              const ComputeOptions& compute);
  ~BenchSystem();
  BenchSystem(const BenchSystem&) = delete;
  BenchSystem& operator=(const BenchSystem&) = delete;

  MPI_Comm PlaneComm() const;
  const BenchGeometry& Geometry() const;
  /// Pixels of this rank and the number of its first one in the plane.
  long Pixels() const;
  long FirstPixel() const;

  /// Phase commands [rad] of this rank's mask pixels, through the modulator's errors.
  void Program(const Eigen::Ref<const Eigen::VectorXd>& commands);
  /// Light through [front | mask | back] (Side::Input) or the other way (Side::Output). `launched`
  /// is what the modulators of that side are told to launch.
  BenchTransmission<Real> Transmit(const Planes<Real>& launched, Side side, Measure measure,
                                   const MeasurementKey& key) const;
  /// Intensities |y|^2 as the camera alone sees them (photon and read noise, no interference).
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> Observe(const Planes<Real>& launched,
                                                              const MeasurementKey& key) const;
  /// What the mask does to the light of this rank's pixels now, M = diag(m). Errors of the hardware
  /// are in it: for tests and adapters, not for trainers.
  const Eigen::Array<std::complex<Real>, Eigen::Dynamic, 1>& MaskTransmission() const;
  /// Of this rank since the start.
  double FftSeconds() const;
  double PropagationSeconds() const;
  long PropagatedPlanes() const;
  double Bytes() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace symwave::training::bench
