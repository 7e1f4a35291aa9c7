// Job `simulate` in frequency domain: S-parameters, energy balance and fields of a device over its
// wavelengths.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::simulate::frequency {

/// Collective. Wavelengths are dealt to groups of ranks, as small as the memory allows; the middle
/// one, whose fields are written, is solved on all ranks. UserError with file:line for a device
/// that cannot be built.
std::unique_ptr<run::Job> MakeFrequencySimulation(MPI_Comm comm,
                                                  const deck::SimulateOptions& options);

}  // namespace symwave::jobs::simulate::frequency
