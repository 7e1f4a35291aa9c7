// Where probes, dipoles and field monitors really stand: on the points of the lattice.
#pragma once

#include "jobs/time_domain_setup.hpp"

namespace symwave::jobs {

/// A line of the log for each that moves to the lattice by more than a millionth of a cell.
void LogPlaces(const DeckOptions& options, const TimeDomainProblem& problem);

}  // namespace symwave::jobs
