// What the ranks of a run take of the memory of their nodes.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/run/job.hpp"

namespace symwave::jobs::run {

/// Collective, the same on every rank: bytes that a rank can still take where there is least
/// (base::AvailableMemory, shared by the ranks of a node).
double AvailablePerRank(MPI_Comm comm);

/// Collective, the same on every rank: its share of all memory of its node where that is least
/// (base::NodeMemory). Does not depend on what else the node does: what decides how ranks work
/// together is taken from here.
double MemoryPerRank(MPI_Comm comm);

/// Collective, the same on every rank: a sentence where the ranks of some node need more than what
/// is available to them there; empty otherwise. A `share` below 1 is that of all memory of the
/// node, whatever the other runs on it have taken of theirs.
std::string MemoryShortage(MPI_Comm comm, const MemoryNeed& need, double share = 1);

}  // namespace symwave::jobs::run
