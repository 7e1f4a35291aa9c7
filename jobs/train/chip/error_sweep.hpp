// Accuracy and fidelity of the gradient of a chip against the size of one kind of hardware error.
#pragma once

#include <Eigen/Dense>
#include <optional>
#include <vector>

#include "jobs/train/chip/stage.hpp"
#include "jobs/train/sweep_curve.hpp"

namespace symwave::jobs::train::chip {

/// The chips of the main run and what forward mode reached on them: a point of every curve that
/// costs no further training where the sweep takes as many epochs.
struct MainRun {
  const ChipFactory::Chips& hardware;
  std::optional<double> accuracy;         ///< none without forward mode
  std::optional<double> reverse;          ///< the same of reverse
  const Eigen::VectorXd* model_commands;  ///< null without in-silico training
};

/// Collective. Curves of roughness, thickness_bias, thickness_sigma (lengths), offset_range
/// (angle), gain_sigma and crosstalk, as far as the section sweep has sizes of them; means over its
/// number of devices and the wavelengths. The chips of the main run are used again where only the
/// drive changes, and get their own drive back. Points and trainings are those of `record`.
std::vector<SweepCurve> SweepErrors(TrainRecord& record, const deck::ChipTrainingOptions& options,
                                    const ChipFactory& factory, const std::vector<Task>& tasks,
                                    const std::vector<training::Split>& splits,
                                    const MainRun& main_run);

/// /sweep. Collective.
void WriteSweeps(io::Hdf5File& file, const std::vector<SweepCurve>& curves);

}  // namespace symwave::jobs::train::chip
