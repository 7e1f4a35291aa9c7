// What direct solvers took, beyond one group of ranks and one process.
#pragma once

#include "domain/base/rank_groups.hpp"
#include "domain/base/state_archive.hpp"
#include "solvers/fdfd/direct_solver.hpp"

namespace symwave::solvers::fdfd {

/// Collective on groups.World(): counts, and memory, of groups that work at the same time, are
/// sums, seconds those of the slowest group.
SolverStatistics OfAllGroups(const base::RankGroups& groups, const SolverStatistics& of_group);

/// Collective on the archive's communicator: the same on every rank.
void SaveOrRestore(base::StateArchive& archive, SolverStatistics& statistics);

}  // namespace symwave::solvers::fdfd
