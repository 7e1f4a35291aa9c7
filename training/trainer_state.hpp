// All that a training needs to go on as if it had never stopped.
#pragma once

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "training/command_share.hpp"
#include "training/optimizer.hpp"

namespace symwave::training {

/// Of one of several objectives whose mean is trained; not a number where the trainer saw only the
/// mean.
struct PartRecord {
  double loss = 0;
  double train_accuracy = 0;
  double test_accuracy = 0;
};

/// What was measured in an epoch, at the commands of its last step (before that step's update).
struct EpochRecord {
  int epoch = 0;              ///< from 1
  double loss = 0;            ///< mean over the steps of the epoch
  double train_accuracy = 0;  ///< mean over the steps of the epoch
  double test_accuracy = 0;
  double gradient_norm = 0;    ///< 0 for a swarm
  double symmetry_defect = 0;  ///< largest one measured in the epoch
  long passes = 0;             ///< launched columns since the start, without evaluations
  double seconds = 0;          ///< wall-clock time since the start
  std::vector<PartRecord> parts;
};

/// Commands of this rank x particles; empty but for the trainer `swarm`.
struct SwarmState {
  Eigen::MatrixXd places, velocities, best_places;
  Eigen::VectorXd best_losses, best_accuracies;  ///< of every particle
};

/// Batch order and noise follow from seeds and counters: there is no generator to save.
struct TrainerState {
  std::string name;
  int epoch = 0;             ///< finished epochs
  int batch = 0;             ///< finished mini-batches of the epoch at work
  EpochRecord at_work;       ///< what they have measured so far
  Eigen::VectorXd commands;  ///< of this rank
  OptimizerState optimizer;  ///< its number of steps counts for every trainer
  SwarmState swarm;
  long passes = 0;
  double seconds = 0;
  std::vector<EpochRecord> history;
  /// Which commands these are; `part_size` 0: every rank holds all.
  CommandShare share;

  /// Collective on the archive's communicator. `group` is the place in the archive. To restore,
  /// `share` says which commands this rank takes. UserError where the archive holds another number
  /// of them.
  void SaveOrRestore(base::StateArchive& archive, const std::string& group);
};

}  // namespace symwave::training
