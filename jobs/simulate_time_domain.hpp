// Job `simulate` in time domain: S-parameters of a device with ports, or spectra, resonances and
// far fields of sources.
#pragma once

#include <mpi.h>

#include <string>

#include "io/progress.hpp"
#include "jobs/evaluation.hpp"
#include "jobs/schema.hpp"
#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/run_control.hpp"

namespace symwave::jobs {

/// Collective on `comm`. One run per input mode where the deck has ports, one run of its sources
/// otherwise. Writes results.h5, summary.json and field files into `directory`;
/// what fails behind the last step of a run is left to `evaluation`.
void RunTimeDomain(MPI_Comm comm, const Deck& deck, const std::string& directory,
                   Evaluation& evaluation);

/// A run of the sources with all monitors of the deck; called by RunTimeDomain.
void RunSources(MPI_Comm comm, const Deck& deck, const std::string& directory,
                Evaluation& evaluation);

/// Adds all sources of the deck; the step at which the last one ends. UserError with the source's
/// place for one that does not fit into the lattice.
long AddSources(const DeckOptions& options, const TimeDomainProblem& problem,
                solvers::fdtd::Engine& engine);

/// Logs how a run ended, a warning where it did not converge. UserError where it held no field.
void ReportEnd(const solvers::fdtd::RunResult& run);

/// Moves the bar to a run's step and notes Mcells/s and the field energy. Without a total while
/// nothing is known of the decay.
void ShowProgress(io::Progress& bar, const solvers::fdtd::RunProgress& progress);

}  // namespace symwave::jobs
