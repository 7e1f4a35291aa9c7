// job: focus
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective: learns foci behind a scatterer with every trainer of the deck, scans a target with
/// learned foci, and writes everything into `directory`. The trainings are dealt to the groups of
/// ranks that share planes; the results do not depend on how. `resume`: trainings that are in the
/// checkpoints there are not repeated.
void RunFocus(MPI_Comm comm, const Deck& deck, const std::string& directory, bool resume);

}  // namespace symwave::jobs
