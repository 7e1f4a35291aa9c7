// Adam and stochastic gradient descent with a cosine decay of the learning rate.
#pragma once

#include <Eigen/Dense>

#include "training/options.hpp"

namespace symwave::training {

/// All that an optimizer remembers.
struct OptimizerState {
  Eigen::VectorXd first;   ///< first moment (Adam), velocity (SGD)
  Eigen::VectorXd second;  ///< second moment (Adam)
  long steps = 0;
};

/// Adam: Kingma and Ba, ICLR 2015, algorithm 1. SGD: v <- momentum v + gradient, c <- c - rate v.
class Optimizer {
 public:
  /// The rate falls from learning_rate at the first step to final_rate * learning_rate at the last
  /// of `total_steps`.
  Optimizer(const OptimizerOptions& options, long total_steps)
      : options_(options), total_steps_(total_steps) {}

  static OptimizerState Start(Eigen::Index size);
  double Rate(long step) const;
  void Apply(const Eigen::VectorXd& gradient, OptimizerState& state,
             Eigen::VectorXd& commands) const;

 private:
  OptimizerOptions options_;
  long total_steps_;
};

}  // namespace symwave::training
