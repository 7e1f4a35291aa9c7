// Adam and stochastic gradient descent.
#pragma once

#include <Eigen/Dense>

#include "training/options.hpp"

namespace symwave::training {

/// All that an optimizer remembers, of the commands of this rank.
struct OptimizerState {
  Eigen::VectorXd first;   ///< first moment (Adam), velocity (SGD)
  Eigen::VectorXd second;  ///< second moment (Adam)
  long steps = 0;
};

/// Adam: Kingma and Ba, ICLR 2015, algorithm 1. SGD: v <- momentum v + gradient, c <- c - rate v.
/// Every command by itself, so that commands may be spread over ranks.
class Optimizer {
 public:
  /// The rate follows options.schedule (training/schedule.hpp) over `total_steps`.
  Optimizer(const OptimizerOptions& options, long total_steps, long steps_per_epoch = 1)
      : options_(options), total_steps_(total_steps), steps_per_epoch_(steps_per_epoch) {}

  static OptimizerState Start(Eigen::Index size);
  double Rate(long step) const;
  void Apply(const Eigen::VectorXd& gradient, OptimizerState& state,
             Eigen::VectorXd& commands) const;

 private:
  OptimizerOptions options_;
  long total_steps_;
  long steps_per_epoch_;
};

}  // namespace symwave::training
