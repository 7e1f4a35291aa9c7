// All that a training needs to go on as if it had never stopped.
#pragma once

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "training/optimizer.hpp"

namespace symwave::training {

/// What was measured in an epoch, at the commands of its last step (before that step's update).
struct EpochRecord {
  int epoch = 0;              ///< from 1
  double loss = 0;            ///< mean over the steps of the epoch
  double train_accuracy = 0;  ///< mean over the steps of the epoch
  double test_accuracy = 0;
  double gradient_norm = 0;
  double symmetry_defect = 0;  ///< largest TransposeDefect of the blocks
  long passes = 0;             ///< launched columns since the start, without evaluations
  double seconds = 0;          ///< wall-clock time since the start
};

/// Batch order and noise follow from seeds and counters: there is no generator to save.
struct TrainerState {
  std::string name;
  int epoch = 0;  ///< finished epochs
  Eigen::VectorXd commands;
  OptimizerState optimizer;
  long passes = 0;
  double seconds = 0;
  std::vector<EpochRecord> history;
};

}  // namespace symwave::training
