// Accuracy and fidelity of the gradient of a chip against the size of one kind of hardware error.
#pragma once

#include <Eigen/Dense>
#include <optional>
#include <vector>

#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/sweep_curve.hpp"
#include "training/electronics.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

/// The chips of the main run and what forward mode reached on them: a point of every curve that
/// costs no further training.
struct MainRun {
  const ChipFactory::Systems& hardware;
  std::optional<double> accuracy;         ///< none without forward mode
  const Eigen::VectorXd* model_commands;  ///< null without in-silico training
};

/// Collective. Curves of roughness, thickness_bias (lengths) and offset_range (angle), as far as
/// the section sweep has sizes of them. The chips of the main run are used again where only the
/// drive changes, and get their own drive back. Points and trainings are those of `record`.
std::vector<SweepCurve> SweepErrors(TrainRecord& record, const deck::ChipTrainingOptions& options,
                                    const ChipFactory& factory, const training::Split& split,
                                    const training::ElectronicsOptions& electronics,
                                    const MainRun& main_run);

/// /sweep. Collective.
void WriteSweeps(io::Hdf5File& file, const std::vector<SweepCurve>& curves);

}  // namespace symwave::jobs::train::chip
