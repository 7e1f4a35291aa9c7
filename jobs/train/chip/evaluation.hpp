// What a trained network is worth: its accuracies, what it does on other optics, and its first
// block solved as a whole.
#pragma once

#include <Eigen/Dense>
#include <optional>
#include <vector>

#include "jobs/run/run_context.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/deployment.hpp"
#include "jobs/train/chip/stage.hpp"
#include "jobs/train/chip/whole_block.hpp"
#include "jobs/train/train_results.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train::chip {

/// All members are collective on the world of the factory. References must outlive it.
class Evaluation {
 public:
  /// `model`: null where no trainer needs one.
  Evaluation(run::RunContext& context, const deck::ChipTrainingOptions& options,
             const std::vector<Task>& tasks, const device::Device& device,
             const ChipFactory& factory, WholeBlock& block, Stage& hardware, Stage* model)
      : context_(context),
        options_(options),
        tasks_(tasks),
        device_(device),
        factory_(factory),
        block_(block),
        hardware_(hardware),
        model_(model) {}

  Stage& StageOf(training::TrainerKind kind) {
    return kind == training::TrainerKind::InSilico && model_ ? *model_ : hardware_;
  }

  /// With freshly measured outputs.
  TrainedResult ResultOf(training::TrainerKind kind, const training::TrainerState& state);
  /// What commands of another training do on the hardware and on the model.
  DeployedTraining Deploy(const ForeignTraining& foreign);

  /// Media of the first block at a wavelength with these commands.
  domain::PermittivityMap FirstBlock(training::TrainerKind kind, const Eigen::VectorXd& commands,
                                     size_t wavelength = 0);
  /// Of the first block composed of parts (composition_check.hpp), the largest of all wavelengths.
  double CompositionDefectOf(training::TrainerKind kind, const Eigen::VectorXd& commands);
  /// Solves the block as a whole, or in three dimensions, where no fields are wanted of a composed
  /// one, launches into it once; what it says of the first result is in `summary` and in Whole().
  void JudgeFirstBlock(training::TrainerKind kind, const TrainedResult& result,
                       TrainingSummary& summary);

  /// After JudgeFirstBlock; empty where it was not solved.
  const SolvedBlock& Whole() const { return whole_; }
  long Launches() const { return launches_; }  ///< into the whole block

 private:
  TestedNetwork TestOf(training::TrainerKind kind, size_t wavelength,
                       const Eigen::VectorXd& commands);
  DeployedOn Measure(Stage& stage, const char* optics, const ForeignTraining& foreign);
  void Judge(training::TrainerKind kind, const TrainedResult& result, TrainingSummary& summary);
  double LargestTrainingResidual() const;
  const char* HowTrained() const;

  run::RunContext& context_;
  const deck::ChipTrainingOptions& options_;
  const std::vector<Task>& tasks_;
  const device::Device& device_;
  const ChipFactory& factory_;
  WholeBlock& block_;
  Stage& hardware_;
  Stage* model_;
  SolvedBlock whole_;
  long launches_ = 0;
};

}  // namespace symwave::jobs::train::chip
