// The training loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "training/engine.hpp"
#include "training/optimizer.hpp"
#include "training/options.hpp"
#include "training/trainer_state.hpp"

namespace symwave::training {

struct TrainerOptions {
  TrainingOptions training;
  OptimizerOptions optimizer;
  ErrorPass error_pass = ErrorPass::Symmetric;
  /// The commands of an element and of its mirror image stay equal (a cascade whose masks repeat in
  /// reverse order); the symmetric error pass needs it.
  bool tied = true;
};

/// The options of one kind of trainer. `in_silico` uses the deck's error pass on its model.
TrainerOptions MakeTrainerOptions(TrainerKind kind, const TrainingOptions& training,
                                  const OptimizerOptions& optimizer);

/// "forward_mode", "in_silico", "reverse".
std::string TrainerName(TrainerKind kind);

/// Trains the commands of a network. All members are collective on the network's world.
class Trainer {
 public:
  /// References must outlive the trainer.
  Trainer(Engine& engine, const SampleSet& train, const SampleSet& test,
          const TrainerOptions& options);

  /// Seeded small random commands.
  TrainerState Start(const std::string& name) const;

  /// Goes on from `state` to the last epoch; calls `after_epoch(state)` on every rank after each
  /// one, when the state is complete; it returns false to stop there. UserError when the first step
  /// shows a block too asymmetric for the error pass.
  void Run(TrainerState& state, const std::function<bool(const TrainerState&)>& after_epoch);

  int StepsPerEpoch() const;

 private:
  std::vector<int> Batch(int epoch, int step) const;
  void Tie(Eigen::VectorXd& gradient) const;
  void KeepPassive(Eigen::VectorXd& commands) const;
  Step Update(TrainerState& state, const std::vector<int>& batch);
  EpochRecord RunEpoch(TrainerState& state);

  Engine& engine_;
  const SampleSet& train_;
  const SampleSet& test_;
  TrainerOptions options_;
  Optimizer optimizer_;
};

}  // namespace symwave::training
