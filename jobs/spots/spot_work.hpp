// What the jobs that bring light into spots take of any machine.
#pragma once

#include <mpi.h>

#include "jobs/deck/options.hpp"
#include "jobs/run/work.hpp"

namespace symwave::jobs::spots {

/// Collective, the same on every rank.
run::Work CountFocus(MPI_Comm comm, const deck::BenchOptions& options);
run::Work CountHiddenObject(MPI_Comm comm, const deck::BenchOptions& options);

}  // namespace symwave::jobs::spots
