// What a run in time domain takes of the memory of a node.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/time_domain_setup.hpp"

namespace symwave::jobs {

/// Bytes of all ranks.
struct MemoryEstimate {
  double fields = 0;  ///< with the padding of their rows
  double pml = 0;
  double media = 0;       ///< numbers of the media, polarisations of the dispersive ones
  double transforms = 0;  ///< of ports and monitors, with the samples not yet added to them

  double Total() const { return fields + pml + media + transforms; }
};

/// Collective, the same on every rank: the polarisations (P and dP per pole, and the share of the
/// medium) follow from a few hundred rows of the lattice.
MemoryEstimate EstimateMemory(MPI_Comm comm, const DeckOptions& options,
                              const TimeDomainProblem& problem);

/// Collective, the same on every rank: see jobs/node_memory.hpp.
std::string MemoryShortage(MPI_Comm comm, const MemoryEstimate& estimate);

/// Collective. UserError where MemoryShortage has a sentence; before anything large is built.
void RequireMemory(MPI_Comm comm, const DeckOptions& options, const TimeDomainProblem& problem);

}  // namespace symwave::jobs
