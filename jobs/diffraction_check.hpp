// The medium on the plane of a diffraction monitor.
#pragma once

#include <string>

#include "domain/medium.hpp"
#include "jobs/time_domain_setup.hpp"
#include "solvers/fdtd/face_fields.hpp"

namespace symwave::jobs {

/// UserError where the options name no plane across a periodic grid.
void CheckDiffractionPlane(const DeckOptions& options, const std::string& where,
                           const DiffractionOptions& plane);

/// Not collective: the same on every rank. The plane of a diffraction monitor, across the whole
/// periodic lattice.
solvers::fdtd::Face DiffractionFace(const DeckOptions& options, const domain::Lattice& lattice,
                                    const DiffractionOptions& given);

/// Not collective: the same on every rank. UserError with file:line where the medium on the plane
/// or a cell beside it is not one medium.
domain::Medium DiffractionMedium(const DeckOptions& options, const TimeDomainProblem& problem,
                                 const MonitorOptions& monitor);

/// Checks all of a deck.
void RequireDiffraction(const DeckOptions& options, const TimeDomainProblem& problem);

}  // namespace symwave::jobs
