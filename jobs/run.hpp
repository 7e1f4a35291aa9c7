// One entry for every kind of job; the binary and the regression tests call it.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/schema.hpp"

namespace symwave::jobs {

struct RunOptions {
  std::string directory;  ///< "": output.directory of the deck, else out/<deck name>
  bool resume = false;
  bool report = true;  ///< make report.html at the end
};

/// Collective on `comm`; the exit code, 0 or kIncomplete (evaluation.hpp): runs the deck, writes
/// everything into the output folder and makes the report. UserError on every rank for anything the
/// user can mend.
int Run(MPI_Comm comm, const Deck& deck, const RunOptions& options);

}  // namespace symwave::jobs
