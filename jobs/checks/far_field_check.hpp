// What lies outside the box of a near_to_far monitor, and whether its far field can be told.
#pragma once

#include <mpi.h>

#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/far_field_outside.hpp"

namespace symwave::jobs::checks {

/// The layers and walls that the corner of the grid shows. Not collective. UserError with the place
/// of `monitor` where the grid is periodic, walls stand on both ends of an axis, or media change
/// along more than one axis.
solvers::fdtd::Outside OutsideOf(const deck::SimulateOptions& options,
                                 const device::TimeDomainProblem& problem,
                                 const deck::MonitorOptions& monitor);

/// Collective, the same on every rank. UserError with file:line for a near_to_far monitor with a
/// source or port outside its box, or with anything else than OutsideOf on and outside its faces:
/// every rank looks at its share of the lattice. `few`: the same deck on fewer cells, which are
/// looked at first; those of the deck only where they leave a doubt.
void RequireFarFields(MPI_Comm comm, const deck::SimulateOptions& options,
                      const device::TimeDomainProblem& problem,
                      const device::TimeDomainProblem* few = nullptr);

}  // namespace symwave::jobs::checks
