// When a training slows down and when it ends.
#pragma once

#include <vector>

#include "training/trainer_state.hpp"

namespace symwave::training {

/// Steps of a training and of one of its epochs.
struct StepCounts {
  long total = 1;
  long per_epoch = 1;
};

/// Learning rate of a step (from 0):
///   cosine    from learning_rate at the first to final_rate * learning_rate at the last step
///   constant  learning_rate
///   step      learning_rate * step_factor^n, n = finished epochs / step_epochs, rounded down
double LearningRate(const OptimizerOptions& options, long step, const StepCounts& steps);

/// Whether the loss has not fallen by more than `smallest_gain` below its least value so far for
/// `patience` epochs.
bool StopsEarly(const std::vector<EpochRecord>& history, const EarlyStopOptions& options);

}  // namespace symwave::training
