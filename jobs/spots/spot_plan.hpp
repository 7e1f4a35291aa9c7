// What a job `focus` or `hidden_object` would do: lines of `symwave check`.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::spots {

/// Collective.
std::string FocusPlan(MPI_Comm comm, const deck::BenchOptions& options);
std::string HiddenObjectPlan(MPI_Comm comm, const deck::BenchOptions& options);

}  // namespace symwave::jobs::spots
