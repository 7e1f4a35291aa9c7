// What a training on an optical bench would do: `symwave check` of a deck with a section `bench`.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Collective: images, sampling, ranks; a plane is propagated to measure the speed. UserError as
/// the run would give it.
std::string BenchPlanText(MPI_Comm comm, const Deck& deck);

}  // namespace symwave::jobs
