// What a run in time domain takes of any machine.
#pragma once

#include <mpi.h>

#include <string>

#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/work.hpp"
#include "jobs/simulate/time/memory.hpp"

namespace symwave::jobs::simulate::time {

/// How long a run lasts, if light leaves on the straight way.
struct RunSteps {
  long steps = 0;
  /// Whether what stands on the lattice may hold light longer: a ring, a disc, a cavity.
  bool least = false;
  std::string assumed;  ///< a sentence
};

/// Collective. The pulses, until the part of their energy is left at which a run ends, and the way
/// of their light through the longest axis at the group index of the ports' modes (where they are
/// not known, of the densest medium), and back again where guides are not straight; the end where
/// the deck states it.
RunSteps EstimateSteps(MPI_Comm comm, const deck::SimulateOptions& options,
                       const device::TimeDomainProblem& problem);

/// Runs: one for each port mode, or one of all sources.
int RunsOf(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem);

/// `ranks` of this run.
run::MemoryNeed NeedOfSteps(const deck::SimulateOptions& options, const MemoryEstimate& memory,
                            int ranks);

/// Collective. Steps, transforms, port modes, media and files.
run::Work CountSteps(MPI_Comm comm, const deck::SimulateOptions& options,
                     const device::TimeDomainProblem& problem, const MemoryEstimate& memory);

}  // namespace symwave::jobs::simulate::time
