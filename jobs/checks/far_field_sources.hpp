// Whether all that radiates stands in the box of a far field.
#pragma once

#include "domain/lattice.hpp"
#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::checks {

/// Not collective. UserError for a source or port that does not stand inside the box of nodes
/// `inside` of a near_to_far monitor: its light is not that of the currents on the faces.
void RequireSourcesInside(const deck::SimulateOptions& options,
                          const device::TimeDomainProblem& problem,
                          const deck::MonitorOptions& monitor, const domain::IndexBox& inside);

}  // namespace symwave::jobs::checks
