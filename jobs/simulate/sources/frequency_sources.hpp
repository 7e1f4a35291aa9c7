// Job `simulate` in frequency domain with sources: dipoles, plane waves and beams on a 2D lattice,
// wavelength by wavelength.
#pragma once

#include <mpi.h>

#include <memory>

#include "jobs/deck/options.hpp"
#include "jobs/run/job.hpp"

namespace symwave::jobs::simulate::sources {

/// Collective. Monitors write what they write in time domain, over the amplitude 1 of the first
/// source. Wavelengths are dealt to groups of ranks, as small as the memory allows. UserError with
/// file:line for what cannot be built or placed.
std::unique_ptr<run::Job> MakeFrequencySources(MPI_Comm comm, const deck::SimulateOptions& options);

}  // namespace symwave::jobs::simulate::sources
