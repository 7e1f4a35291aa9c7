// Scores of classes to a loss and its error field.
#pragma once

#include <vector>

#include "training/amplitudes.hpp"
#include "training/class_score.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// Scores z of classes (samples x classes) to a loss. The loss of a sample of class t is
///   cross-entropy  -log softmax(gain z)_t
///   mean square    (z_t - 1)^2 + sum over the others of (z_c - other)^2
/// Returns the sum over samples of `weight` times the loss. `predicted` gets the class with the
/// largest score. `slope`, unless null, gets dL/dz with the weight in it.
double ScoreLoss(const LossOptions& options, const Eigen::ArrayXXd& scores,
                 const std::vector<int>& labels, double other, double weight,
                 std::vector<int>& predicted, Eigen::ArrayXXd* slope);

/// The same of light I of classes by its shares I_c / sum I; `slope` gets dL/dI.
double ClassLoss(const LossOptions& options, const Eigen::ArrayXXd& light,
                 const std::vector<int>& labels, double weight, std::vector<int>& predicted,
                 Eigen::ArrayXXd* slope);

/// Amplitudes at the output ports to a loss by the scores of the classes.
class OutputLoss {
 public:
  /// UserError as ClassScore's.
  OutputLoss(const LossOptions& options, const DetectionOptions& detection, int ports, int classes)
      : options_(options), score_(detection, ports, classes) {}

  const ClassScore& Score() const { return score_; }

  /// Returns the sum over samples of `weight` times the loss. `predicted` gets the class with the
  /// largest score. `error`, unless null, gets g = dL/dy with the weight in it.
  double Evaluate(const Amplitudes& y, const std::vector<int>& labels, double weight,
                  std::vector<int>& predicted, Amplitudes* error) const;

 private:
  LossOptions options_;
  ClassScore score_;
};

}  // namespace symwave::training
