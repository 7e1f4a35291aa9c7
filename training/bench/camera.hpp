// A camera behind the bench: intensities, and fields by interference with a reference wave.
#pragma once

#include <Eigen/Dense>
#include <complex>
#include <cstdint>
#include <vector>

#include "solvers/diffraction/plane.hpp"
#include "training/bench/bench_options.hpp"

namespace symwave::training::bench {

/// Every plane is exposed so that its mean signal is `photons` per pixel and frame, N(x, y) in a
/// pixel; e = Poisson(quantum_efficiency N) + read_noise N(0, 1) electrons, then the converter.
///
/// Field: four frames with a reference wave of N_r photons at the phases 0, 90, 180, 270 degrees,
///   N_k = |a + sqrt(N_r) exp(i k pi / 2)|^2,   a = [e_0 - e_2 + i (e_1 - e_3)] / (4 q sqrt(N_r)),
/// unbiased, with <|a - <a>|^2> = (q (|a|^2 + N_r) + read_noise^2) / (4 q^2 N_r).
///
/// The converter has 2^bits codes from 4 read noises below zero to 4 times the mean count.
class Camera {
 public:
  Camera(const solvers::diffraction::PlaneShare& share, const DetectionErrors& errors, int threads)
      : share_(share), errors_(errors), threads_(threads) {}

  /// Turns planes of this rank's pixels into measured ones, in place; `streams` per plane (see
  /// NoiseStream). Field noise comes first. Collective.
  template <class Real>
  using Fields = solvers::diffraction::Fields<Real>;
  template <class Real>
  void MeasureFields(Eigen::Ref<Fields<Real>> planes,
                     const std::vector<std::uint64_t>& streams) const;

  /// Intensities |y|^2 of planes, without reference and field noise. Collective.
  template <class Real>
  Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic> MeasureIntensities(
      const Fields<Real>& planes, const std::vector<std::uint64_t>& streams) const;

 private:
  /// Mean of |y|^2 over all pixels of each plane, the same on every number of ranks to the last
  /// bit.
  template <class Real>
  std::vector<double> MeanPowers(const Eigen::Ref<const Fields<Real>>& planes) const;

  solvers::diffraction::PlaneShare share_;
  DetectionErrors errors_;
  int threads_;
};

}  // namespace symwave::training::bench
