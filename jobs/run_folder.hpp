// What an earlier run has left in the output folder, to go on with or to remove.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/schema.hpp"

namespace symwave::jobs {

/// Of everything that decides the course of a training: the resolved deck without its title, where
/// its output goes, what is swept afterwards and, but for the precision, how it is computed.
std::string Fingerprint(const Deck& deck);

/// Collective. A new run in a used folder: nothing of the old one may be taken for its own. Removes
/// what symwave has written there, and only that, and logs its names; a training that has not ended
/// is moved into a folder of its own with a warning. UserError where a file cannot be removed.
void RemoveOldRun(MPI_Comm comm, const std::string& directory);

/// Collective. UserError when there is nothing to resume from in `directory`.
void RequireCheckpoint(MPI_Comm comm, const std::string& directory);

/// Paths of checkpoint.h5, which all ranks share, and of checkpoint_<number>.h5, one for each group
/// of ranks; those that exist, sorted.
std::vector<std::string> CheckpointFiles(const std::string& directory);

}  // namespace symwave::jobs
