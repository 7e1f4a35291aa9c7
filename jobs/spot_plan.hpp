// What a job `focus` or `hidden_object` would do.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective: the text of `symwave check`. UserError as the run would give it.
std::string SpotPlanText(MPI_Comm comm, const Deck& deck);

/// Collective: ranks, and the sampling of every propagation; the lines about the planes.
/// UserError.
std::string CheckSpotPlanes(MPI_Comm comm, const OpticalBenchOptions& bench);

}  // namespace symwave::jobs
