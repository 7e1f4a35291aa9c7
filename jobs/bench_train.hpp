// Job `train` of a deck with a section `bench`: phase masks learn on an optical bench with errors.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective on `comm`. Writes results.h5, summary.json, history.csv and checkpoint.h5 into
/// `directory`. `resume`: goes on from the checkpoint there.
void RunBenchTraining(MPI_Comm comm, const Deck& deck, const std::string& directory, bool resume);

}  // namespace symwave::jobs
