// Job `simulate` in time domain: S-parameters of a device with ports, or spectra, resonances and
// far fields of sources.
#pragma once

#include <mpi.h>

#include <string>

#include "io/progress.hpp"
#include "jobs/schema.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::jobs {

/// Collective on `comm`. One run per input mode where the deck has ports, one run of its sources
/// otherwise. Writes results.h5, summary.json and field files into `directory`.
void RunTimeDomain(MPI_Comm comm, const Deck& deck, const std::string& directory);

/// A run of the sources with all monitors of the deck; called by RunTimeDomain.
void RunSources(MPI_Comm comm, const Deck& deck, const std::string& directory);

/// Moves the bar to a run's step and notes Mcells/s and the field energy. `source_end`: step at
/// which the sources end, before which nothing is known of the decay.
void ShowProgress(io::Progress& bar, const solvers::fdtd::RunProgress& progress, long source_end);

}  // namespace symwave::jobs
