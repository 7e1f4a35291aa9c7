// The training loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "training/objective.hpp"
#include "training/optimizer.hpp"
#include "training/options.hpp"
#include "training/trainer_state.hpp"

namespace symwave::training {

struct TrainerOptions {
  TrainerKind kind = TrainerKind::ForwardMode;
  TrainingOptions training;
  OptimizerOptions optimizer;
};

/// The name in a deck: "forward_mode", "in_silico", "reverse", "physics_aware", "spsa", "swarm",
/// "finite_difference".
std::string TrainerName(TrainerKind kind);

/// Whether the trainer sees losses alone and never asks for a gradient.
bool IsGradientFree(TrainerKind kind);

/// Makes the loss of an objective small. Mini-batches are the same random parts of the samples on
/// every number of ranks. All members are collective on the objective's world.
class Trainer {
 public:
  /// The objective must outlive the trainer; for the kinds with a gradient it gives the one of that
  /// kind. UserError for `finite_difference` with too many commands.
  Trainer(Objective& objective, const TrainerOptions& options);

  /// Seeded small random commands.
  TrainerState Start(const std::string& name) const;

  /// Goes on from `state` to the last epoch or an early stop; calls `after_step(state)` on every
  /// rank after each step, when the state is complete (`batch` is 0 after the last one of an epoch,
  /// which is then in the history); it returns false to stop there. UserError of the objective, and
  /// when the loss is not a finite number.
  void Run(TrainerState& state, const std::function<bool(const TrainerState&)>& after_step);

  /// Whether the last epoch is reached or the training has stopped early.
  bool Finished(const TrainerState& state) const;

  /// UserError where `state` is beyond the last epoch. Run expects that it is not.
  void RequireReachable(const TrainerState& state) const;

  /// Whether the learning rate at a step depends on the number of epochs.
  bool RateDependsOnEpochs() const {
    return options_.optimizer.schedule == Schedule::Cosine && options_.kind != TrainerKind::Swarm;
  }

  int StepsPerEpoch() const;

 private:
  Measurement Measure(TrainerState& state, const std::vector<int>& batch);
  void Step(const std::vector<std::vector<int>>& batches, TrainerState& state);

  Objective& objective_;
  TrainerOptions options_;
  CommandShare share_;
  Optimizer optimizer_;
};

}  // namespace symwave::training
