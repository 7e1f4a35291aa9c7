// Modulators of liquid crystal and their imperfections.
#pragma once

#include <Eigen/Dense>

#include "solvers/diffraction/row_halo.hpp"
#include "training/bench/bench_options.hpp"

namespace symwave::training::bench {

/// What a command theta [rad] becomes, in this order:
///   drive level   theta modulo 2 pi in [-pi, pi), rounded to 2^bits steps
///   look-up table + lookup_error sin(2 theta)
///   gain          times 1 + gain_sigma N(0, 1), of the pixel
///   crosstalk     mean of the neighbours with the weights exp(-(distance / crosstalk)^2); pixels
///                 beyond the edge have no weight
///   offset        + uniform in +- offset_range, of the pixel
///   zero order    m = zero_order + (1 - zero_order) exp(i phase)
/// Without errors m = exp(i theta).
class PhaseModulator {
 public:
  /// Collective on the communicator of the share.
  PhaseModulator(const solvers::diffraction::PlaneShare& share, const ModulatorErrors& errors);

  /// Transmission of this rank's pixels. Collective.
  Eigen::ArrayXcd Transmission(const Eigen::ArrayXd& commands) const;
  double Bytes() const {
    return sizeof(double) * static_cast<double>(gain_.size() + offset_.size());
  }

 private:
  Eigen::ArrayXd Driven(const Eigen::ArrayXd& commands) const;
  Eigen::ArrayXd Blurred(const Eigen::ArrayXd& phase) const;

  solvers::diffraction::PlaneShare share_;
  ModulatorErrors errors_;
  std::vector<double> weights_;  ///< of crosstalk, for |k| <= size / 2
  solvers::diffraction::RowHalo halo_;
  Eigen::ArrayXd gain_, offset_;  ///< empty where the error is off
};

/// What a level a, 0 ... 1, becomes, in this order:
///   drive level   rounded to one of 2^bits, even steps from 0 to 1
///   look-up table + lookup_error sin(2 pi a)
///   contrast      at least dark_level
///   gain          times 1 + gain_sigma N(0, 1), of the pixel
class AmplitudeModulator {
 public:
  AmplitudeModulator(const solvers::diffraction::PlaneShare& share, const AmplitudeErrors& errors);

  /// Amplitudes of this rank's pixels.
  Eigen::ArrayXd Amplitude(const Eigen::ArrayXd& levels) const;
  double Bytes() const { return sizeof(double) * static_cast<double>(gain_.size()); }

 private:
  AmplitudeErrors errors_;
  Eigen::ArrayXd gain_;  ///< empty where the error is off
};

}  // namespace symwave::training::bench
