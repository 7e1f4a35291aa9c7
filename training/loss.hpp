// Detected intensities to a loss and its error field.
#pragma once

#include <vector>

#include "training/amplitudes.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// Light z of classes (samples x classes) to a loss. With the shares q_c = z_c / sum z the loss of
/// a sample of class t is
///   cross-entropy  -log softmax(gain q)_t
///   mean square    sum_c (q_c - [c = t])^2
/// Returns the sum over samples of `weight` times the loss. `predicted` gets the class with the
/// most light. `slope`, unless null, gets dL/dz with the weight in it.
double ClassLoss(const LossOptions& options, const Eigen::ArrayXXd& light,
                 const std::vector<int>& labels, double weight, std::vector<int>& predicted,
                 Eigen::ArrayXXd* slope);

/// The output ports are dealt to the classes in contiguous groups of floor(P / classes); ports left
/// over stand half before and half behind the groups and are not detected. With z_c the light in
/// group c and q_c = z_c / sum z the loss of a sample of class t is
///   cross-entropy  -log softmax(gain q)_t
///   mean square    sum_c (q_c - [c = t])^2
class IntensityLoss {
 public:
  /// UserError: fewer ports than classes.
  IntensityLoss(const LossOptions& options, int ports, int classes);

  /// Group of a port, -1 when it is not detected.
  int Group(int port) const;

  /// Returns the sum over samples of `weight` times the loss. `predicted` gets the class with the
  /// most light. `error`, unless null, gets g = dL/dI conj(y) with the weight in it.
  double Evaluate(const Amplitudes& y, const std::vector<int>& labels, double weight,
                  std::vector<int>& predicted, Amplitudes* error) const;

 private:
  LossOptions options_;
  int ports_;
  int classes_;
  int group_size_;
  int first_port_;
};

}  // namespace symwave::training
