// The first block solved in frequency domain.
#pragma once

#include "jobs/train/chip/whole_block.hpp"

namespace symwave::jobs::train::chip {

/// See MakeWholeBlock.
std::unique_ptr<WholeBlock> MakeFrequencyBlock(MPI_Comm comm,
                                               const deck::ChipTrainingOptions& options,
                                               const device::Device& device);

}  // namespace symwave::jobs::train::chip
