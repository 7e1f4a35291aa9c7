// What a job `focus` or `hidden_object` would do.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective: the text of `symwave check`. UserError as the run would give it.
std::string SpotPlanText(MPI_Comm comm, const Deck& deck);

}  // namespace symwave::jobs
