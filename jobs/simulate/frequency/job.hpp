// Job `simulate` in frequency domain: S-parameters, energy balance and fields of a device over its
// wavelengths.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::simulate::frequency {

/// Collective. Wavelengths are solved one after the other over all ranks; fields are those of the
/// middle one. UserError with file:line for a device that cannot be built.
std::unique_ptr<run::Job> MakeFrequencySimulation(MPI_Comm comm,
                                                  const deck::SimulateOptions& options);

}  // namespace symwave::jobs::simulate::frequency
