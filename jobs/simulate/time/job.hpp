// Job `simulate` in time domain: S-parameters of a device with ports, or spectra, resonances and
// far fields of sources.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::simulate::time {

/// Collective. One run per input mode where the deck has ports, one run of its sources otherwise.
/// UserError with file:line for what cannot be integrated, resolved or placed.
std::unique_ptr<run::Job> MakeTimeDomainSimulation(MPI_Comm comm,
                                                   const deck::SimulateOptions& options);

}  // namespace symwave::jobs::simulate::time
