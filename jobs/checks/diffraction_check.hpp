// The medium on the plane of a diffraction monitor.
#pragma once

#include <string>

#include "domain/medium.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "solvers/fdtd/face_fields.hpp"

namespace symwave::jobs::checks {

/// Not collective: the same on every rank. The plane of a diffraction monitor, across the whole
/// periodic lattice.
solvers::fdtd::Face DiffractionFace(const deck::SimulateOptions& options,
                                    const domain::Lattice& lattice,
                                    const deck::DiffractionOptions& given);

/// Not collective: the same on every rank. UserError with file:line where the medium on the plane
/// or a cell beside it is not one medium.
domain::Medium DiffractionMedium(const deck::SimulateOptions& options,
                                 const device::TimeDomainProblem& problem,
                                 const deck::MonitorOptions& monitor);

/// Checks all of a deck.
void RequireDiffraction(const deck::SimulateOptions& options,
                        const device::TimeDomainProblem& problem);

}  // namespace symwave::jobs::checks
