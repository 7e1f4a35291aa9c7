// What the training of a chip would do: lines of `symwave check`.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/device/device.hpp"
#include "training/dataset.hpp"

namespace symwave::jobs::train::chip {

/// Collective. Finds what a run would refuse before its first step: ranks, port modes, data that do
/// not fit the chip. UserError as the run would give it.
std::string ChipTrainingPlan(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                             const device::Device& device, const training::Dataset& data);

}  // namespace symwave::jobs::train::chip
