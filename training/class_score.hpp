// What the light at the output ports says of the classes.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "training/amplitudes.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// Shares z_c = I_c / sum I of the light of classes (samples x classes); `total` gets the sums.
Eigen::ArrayXXd SharesOf(const Eigen::ArrayXXd& light, Eigen::ArrayXXd& total);

/// dL/dI from dL/dz: (dL/dz_c - sum_k z_k dL/dz_k) / total.
Eigen::ArrayXXd SlopeOfLight(const Eigen::ArrayXXd& shares, const Eigen::ArrayXXd& total,
                             const Eigen::ArrayXXd& slope);

/// Amplitudes y at the output ports to a score of every class, and the slope of a loss back to its
/// error field. With the light I of a detector, the sum of |y|^2 over its ports, the score is
///   intensity   I_c / sum I, between 0 and 1: the light of the class as a share of all that is
///               detected
///   difference  (I+ - I-) / (I+ + I-), between -1 and 1, of two detectors of every class (J. Li et
///               al., Adv. Photonics 1, 046001 (2019), class-specific differential detection)
///   coherent    sqrt(P) Re(y_c exp(-i phase)): a quadrature against a local oscillator, relative
///   to
///               the amplitude 1 / sqrt(P) that the laser's unit power has at each of P outputs
///               when it is spread evenly
/// Ports of no class are not detected.
class ClassScore {
 public:
  /// What was detected: scores, samples x classes, and the light below the ratios.
  struct Reading {
    Eigen::ArrayXXd scores;
    Eigen::ArrayXXd total;
  };

  /// Without classes in `options` the ports are dealt to them in contiguous groups of
  /// floor(P / classes); ports left over stand half before and half behind. UserError: fewer ports
  /// than classes.
  ClassScore(const DetectionOptions& options, int ports, int classes);

  /// Class of a port, -1 when it is not detected; with differences the class + classes stands for
  /// the detector that is subtracted.
  int Detector(int port) const { return detectors_[static_cast<std::size_t>(port)]; }

  /// What a perfect network gives the classes that a sample is not of; its own has 1.
  double OtherTarget() const { return kind_ == Detection::Intensity ? 0 : -1; }

  Reading Read(const Amplitudes& y) const;

  /// g = dL/dy from `slope` = dL/dscore at y.
  void ErrorField(const Amplitudes& y, const Reading& reading, const Eigen::ArrayXXd& slope,
                  Amplitudes& error) const;

 private:
  void DealPorts(int ports);
  Eigen::ArrayXXd LightSlope(const Reading& reading, const Eigen::ArrayXXd& slope) const;

  Detection kind_;
  int classes_;
  std::vector<int> detectors_;
  double in_phase_, quadrature_;  ///< coherent: sqrt(P) cos phase and sin phase
};

}  // namespace symwave::training
