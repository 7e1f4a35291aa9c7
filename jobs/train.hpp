// Job `train`: an optical network learns on imperfect hardware, with the rivals on the same chip.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/evaluation.hpp"
#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective on `comm`. Writes results.h5, summary.json, history.csv, checkpoint.h5 and field
/// files into `directory`. `resume`: goes on from the checkpoint there, to the same numbers as
/// without the stop. What fails after the training is left to `evaluation`.
void RunTraining(MPI_Comm comm, const Deck& deck, const std::string& directory, bool resume,
                 Evaluation& evaluation);

}  // namespace symwave::jobs
