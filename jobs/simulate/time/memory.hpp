// What a run in time domain takes of the memory of a node.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/work.hpp"

namespace symwave::jobs::simulate::time {

/// Bytes of all ranks, but for `modes`.
struct MemoryEstimate {
  double fields = 0;  ///< with the padding of their rows
  double pml = 0;
  double media = 0;       ///< numbers of the media, polarisations of the dispersive ones
  double transforms = 0;  ///< of ports and monitors, with the samples not yet added to them
  double sources = 0;     ///< weights of the signals of beams, or of the largest port
  double modes = 0;       ///< of the ports at the frequencies solved for, on every rank
  double values = 0;      ///< that the transforms keep of a step
  double products = 0;    ///< the same, times the frequencies of each

  double Total(int ranks) const { return Shared() + sources + ranks * modes; }
  /// The plane of a source is held by as many ranks as meet one face of a lattice cut into cubes.
  run::MemoryNeed Need(int ranks) const;

 private:
  double Shared() const { return fields + pml + media + transforms; }
};

/// Collective, the same on every rank: the polarisations (P and dP per pole, and the share of the
/// medium) follow from a few hundred rows of the lattice.
MemoryEstimate EstimateMemory(MPI_Comm comm, const deck::SimulateOptions& options,
                              const device::TimeDomainProblem& problem);

}  // namespace symwave::jobs::simulate::time
