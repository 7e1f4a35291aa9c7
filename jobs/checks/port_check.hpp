// Ports whose windows hold more than the guide that they mean: sentences for the list of warnings.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::checks {

/// Collective; the same on every rank.
std::vector<std::string> GuideWarnings(MPI_Comm comm, const device::TimeDomainProblem& problem);
std::vector<std::string> GuideWarnings(MPI_Comm comm, const deck::DeviceOptions& options,
                                       const device::Device& device);

}  // namespace symwave::jobs::checks
