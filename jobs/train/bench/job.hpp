// Job `train` of a deck with a section `bench`: phase masks learn on an optical bench with errors.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::train::bench {

/// Collective. Leaves history.csv and checkpoint.h5 beside the results. UserError with file:line
/// for images that cannot be read or classified.
std::unique_ptr<run::Job> MakeBenchTraining(MPI_Comm comm, const deck::BenchOptions& options);

}  // namespace symwave::jobs::train::bench
