// Accuracy and fidelity of the gradient against the size of one kind of hardware error.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <optional>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "training/electronics.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

/// One kind of error at growing size; everything else as in the deck.
struct ErrorCurve {
  std::string name;  ///< roughness, thickness_bias (lengths), offset_range (angle)
  std::string unit;
  std::vector<double> size;
  std::vector<double> accuracy;           ///< test accuracy, forward mode trained on this hardware
  std::vector<double> accuracy_deployed;  ///< of the model's commands on it; empty without a model
  std::vector<double> gradient_cosine;    ///< forward mode against `reverse`, at the start
  std::vector<double> symmetry_defect;    ///< largest norm(W - W^T) / norm(W) of the blocks
};

/// The chips of the main run and what forward mode reached on them: a point of every curve that
/// costs no further training.
struct MainRun {
  const ChipFactory::Systems& hardware;
  std::optional<double> accuracy;         ///< none without forward mode
  const Eigen::VectorXd* model_commands;  ///< null without in-silico training
};

/// Collective. The chips of the main run are used again where only the drive changes, and get their
/// own drive back.
std::vector<ErrorCurve> SweepErrors(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                                    const ChipFactory& factory, const training::Split& split,
                                    const training::ElectronicsOptions& electronics,
                                    const MainRun& main_run);

void WriteSweeps(io::Hdf5File& file, const std::vector<ErrorCurve>& curves);

}  // namespace symwave::jobs::train::chip
