// Where probes, dipoles and field monitors really stand: on the points of the lattice.
#pragma once

#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::checks {

/// A line of the log for each that moves to the lattice by more than a millionth of a cell.
void LogPlaces(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem);

}  // namespace symwave::jobs::checks
