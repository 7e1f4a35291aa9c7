// Chips at all wavelengths of a training, and their networks.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <optional>
#include <vector>

#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/tasks.hpp"
#include "training/chip_objective.hpp"
#include "training/mean_objective.hpp"
#include "training/network_engine.hpp"

namespace symwave::jobs::train::chip {

/// Hardware or model: at every wavelength a network that learns the task there. One set of commands
/// drives all. Losses and gradients are means over the wavelengths. All members are collective on
/// the factory's world.
class Stage {
 public:
  /// `tasks` and `splits` are those of the wavelengths; they must outlive the stage.
  Stage(const ChipFactory& factory, ChipFactory::Chips chips, const std::vector<Task>& tasks,
        const std::vector<training::Split>& splits);

  const ChipFactory::Chips& Chips() const { return chips_; }
  size_t Wavelengths() const { return networks_.size(); }
  training::Network& Optics(size_t wavelength) { return networks_[wavelength]->optics; }

  /// On the test samples of a wavelength, and the transmission of every block that was measured.
  struct Tested {
    training::SampleSums samples;
    std::vector<Eigen::MatrixXcd> transmissions;
  };
  Tested Test(size_t wavelength, const Eigen::VectorXd& commands);
  /// On the test samples of all.
  double Accuracy(const Eigen::VectorXd& commands);
  /// With all training samples: the gradient, and of every block the largest defect.
  training::Step TakeStep(const Eigen::VectorXd& commands, training::ErrorPass pass);

  training::Effort Spent() const;
  /// Of all solves on this rank.
  double LargestResidual() const;

 private:
  friend class StageObjective;
  struct Learner {
    Learner(training::Network network, const training::ElectronicsOptions& electronics,
            const training::Split& samples);
    training::Network optics;
    training::NetworkEngine engine;
    const training::Split& split;
  };
  ChipFactory::Chips chips_;
  std::vector<std::unique_ptr<Learner>> networks_;
};

/// What a trainer makes small on a stage, which must outlive it: a wavelength's loss, or the mean.
class StageObjective {
 public:
  StageObjective(Stage& stage, training::TrainerKind kind,
                 const training::TrainingOptions& training);
  training::Objective& Get();

 private:
  std::vector<std::unique_ptr<training::ChipObjective>> parts_;
  std::optional<training::MeanObjective> mean_;
};

}  // namespace symwave::jobs::train::chip
