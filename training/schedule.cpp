#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace symwave::training {

double LearningRate(const OptimizerOptions& options, long step, const StepCounts& steps) {
  if (options.schedule == Schedule::Constant) return options.learning_rate;
  if (options.schedule == Schedule::Step) {
    const long epoch = step / steps.per_epoch;
    return options.learning_rate *
           std::pow(options.step_factor, static_cast<double>(epoch / options.step_epochs));
  }
  const double progress =
      static_cast<double>(step) / static_cast<double>(std::max(1L, steps.total - 1));
  const double wave = 0.5 * (1 + std::cos(3.14159265358979323846 * std::min(1.0, progress)));
  return options.learning_rate * (options.final_rate + (1 - options.final_rate) * wave);
}

bool StopsEarly(const std::vector<EpochRecord>& history, const EarlyStopOptions& options) {
  if (options.patience <= 0) return false;
  double least = std::numeric_limits<double>::infinity();
  int without_gain = 0;
  for (const EpochRecord& record : history) {
    const bool gain = record.loss < least - options.smallest_gain;
    without_gain = gain ? 0 : without_gain + 1;
    if (gain) least = record.loss;
    if (without_gain >= options.patience) return true;
  }
  return false;
}

}  // namespace symwave::training
