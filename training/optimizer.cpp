#include "training/optimizer.hpp"

#include <cmath>

#include "training/schedule.hpp"

namespace symwave::training {

OptimizerState Optimizer::Start(Eigen::Index size) {
  return {Eigen::VectorXd::Zero(size), Eigen::VectorXd::Zero(size), 0};
}

double Optimizer::Rate(long step) const {
  return LearningRate(options_, step, {total_steps_, steps_per_epoch_});
}

void Optimizer::Apply(const Eigen::VectorXd& gradient, OptimizerState& state,
                      Eigen::VectorXd& commands) const {
  const double rate = Rate(state.steps);
  ++state.steps;
  if (options_.kind == OptimizerKind::Sgd) {
    state.first = options_.momentum * state.first + gradient;
    commands -= rate * state.first;
    return;
  }
  state.first = options_.beta1 * state.first + (1 - options_.beta1) * gradient;
  state.second = options_.beta2 * state.second + (1 - options_.beta2) * gradient.cwiseAbs2();
  const double steps = static_cast<double>(state.steps);
  const double first_bias = 1 - std::pow(options_.beta1, steps);
  const double second_bias = 1 - std::pow(options_.beta2, steps);
  commands.array() -= rate * (state.first.array() / first_bias) /
                      ((state.second.array() / second_bias).sqrt() + options_.epsilon);
}

}  // namespace symwave::training
