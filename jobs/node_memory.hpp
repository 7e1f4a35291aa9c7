// What the ranks of a run take of the memory of their nodes.
#pragma once

#include <mpi.h>

#include <string>

namespace symwave::jobs {

/// Collective, the same on every rank: a sentence where the ranks of some node need more than what
/// is available to them there (base::AvailableMemory); empty otherwise. `bytes`: of each rank,
/// beside what it holds already. `remedy`: what makes the run smaller.
std::string MemoryShortage(MPI_Comm comm, double bytes, const std::string& remedy);

}  // namespace symwave::jobs
