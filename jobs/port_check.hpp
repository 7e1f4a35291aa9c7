// Ports whose windows hold more than the guide that they mean: sentences for the list of warnings.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/device.hpp"
#include "jobs/options.hpp"
#include "jobs/time_domain_setup.hpp"

namespace symwave::jobs {

/// Collective; the same on every rank.
std::vector<std::string> GuideWarnings(MPI_Comm comm, const TimeDomainProblem& problem);

/// Not collective.
std::vector<std::string> GuideWarnings(const DeckOptions& options, const Device& device);

}  // namespace symwave::jobs
