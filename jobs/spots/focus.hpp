// job: focus
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::spots {

/// Collective: learns foci behind a scatterer with every trainer of the deck, and scans a target
/// with learned foci. The trainings are dealt to the groups of ranks that share planes; the results
/// do not depend on how. A resumed run does not repeat trainings that are in its checkpoints.
std::unique_ptr<run::Job> MakeFocusJob(MPI_Comm comm, const deck::BenchOptions& options);

}  // namespace symwave::jobs::spots
