// What a deck asks for and a run will do, although its result deserves doubt: sentences that
// `symwave check` prints and a run puts into its log, summary and report. One list for both.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::checks {

/// Collective: what shows before the first step in time domain, the same list on every rank.
/// UserError for what contradicts a mirror plane.
std::vector<std::string> TimeDomainWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                            const device::TimeDomainProblem& problem);

/// The same for frequency domain and trained chips.
std::vector<std::string> FrequencyDomainWarnings(MPI_Comm comm, const deck::DeviceOptions& options,
                                                 const device::Device& device);

/// The same for sources in frequency domain.
std::vector<std::string> FrequencySourceWarnings(MPI_Comm comm,
                                                 const deck::SimulateOptions& options,
                                                 const device::TimeDomainProblem& problem);

/// Puts each of them that is not empty into the log, and thereby into the results of the run.
void GiveWarnings(const std::vector<std::string>& warnings);

}  // namespace symwave::jobs::checks
