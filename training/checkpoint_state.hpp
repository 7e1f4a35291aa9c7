// One training in a checkpoint file: commands by hyperslabs, the rest as small arrays.
#pragma once

#include <string>

#include "io/hdf5.hpp"
#include "training/checkpoint.hpp"

namespace symwave::training {

/// Collective on the file's communicator.
void WriteState(io::Hdf5File& file, const std::string& group, const TrainerState& state);

/// Collective. UserError when the numbers are not those that were written.
TrainerState ReadState(const io::Hdf5File& file, const std::string& group,
                       const ChooseShare& choose_share);

}  // namespace symwave::training
