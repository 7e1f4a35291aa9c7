// Job `train`: an optical network learns on imperfect hardware, with the rivals on the same chip.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::train::chip {

/// Collective. Leaves history.csv and checkpoint.h5 beside the results; a resumed run goes on to
/// the same numbers as without the stop. UserError with file:line for chips that cannot be built
/// and data that cannot be read.
std::unique_ptr<run::Job> MakeChipTraining(MPI_Comm comm, const deck::ChipTrainingOptions& options);

}  // namespace symwave::jobs::train::chip
