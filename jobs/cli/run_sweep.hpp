// What `symwave sweep` and `symwave collect` do.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/sweep/sweep.hpp"

namespace symwave::jobs::cli {

struct SweepOptions {
  int groups = 1;       ///< of ranks, each with one member at a time
  bool resume = false;  ///< members that are complete stay, others go on from their checkpoints
  bool report = true;   ///< report.html of each member and of the sweep
};

/// UserError where the ranks of `comm` are fewer than the groups.
void RequireRanks(MPI_Comm comm, int groups);

/// Collective on `comm`; the exit code: 0 all members are complete, 3 some have failed or are
/// incomplete, 75 stopped by a signal, with a checkpoint of every member at work. The groups take
/// members as they become free, those of the largest of `costs` first; each is a run in a
/// folder of its own with its messages in log.txt there. A member that fails on all ranks of its
/// group fails alone. At the end everything is collected (Collect) and reported. UserError where
/// the folder cannot be used or there are more groups than ranks.
int RunSweep(MPI_Comm comm, const sweep::Sweep& sweep, const std::vector<double>& costs,
             const SweepOptions& options);

/// Collective on `comm`, all of which run the member `number`, as a task of a job array does; as
/// RunDeck, but for the sentence of a failure, which is kept in the member's folder, too.
int RunMember(MPI_Comm comm, const sweep::Sweep& sweep, long number, const SweepOptions& options);

/// Collective: the merged table, and with `report` the page, of the sweep in `directory`; prints
/// what there is. The exit code, 0 or that of the report.
int CollectSweep(MPI_Comm comm, const std::string& directory, bool report);

}  // namespace symwave::jobs::cli
