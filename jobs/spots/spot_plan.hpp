// What a job `focus` or `hidden_object` would do: lines of `symwave check`.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::spots {

/// Collective; a plane is propagated to measure the speed where the memory `fits`.
std::string FocusPlan(MPI_Comm comm, const deck::BenchOptions& options, bool fits);
std::string HiddenObjectPlan(MPI_Comm comm, const deck::BenchOptions& options, bool fits);

}  // namespace symwave::jobs::spots
