// The one place where a deck becomes a job.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::cli {

/// Collective on `comm`, on which all of the job is. UserError with file:line on every rank.
std::unique_ptr<run::Job> MakeJob(MPI_Comm comm, const deck::DeckOptions& options);

}  // namespace symwave::jobs::cli
