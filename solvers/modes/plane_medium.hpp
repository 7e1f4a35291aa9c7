// The media of a plane of modes, all of it on every rank.
#pragma once

#include "domain/medium.hpp"
#include "solvers/modes/waveguide.hpp"
#include "solvers/modes/waveguide_operator.hpp"

namespace symwave::solvers::modes {

/// Every rank evaluates a slice across the plane's slow axis, and all get the whole plane.
/// Poles and conductivity are those of steps dt > 0 [um], or of the continuum (0). Collective.
PlaneMedium SamplePlane(MPI_Comm comm, const domain::Lattice& lattice,
                        const domain::MediumMap& media, const WaveguidePlane& plane, double omega,
                        double dt);

}  // namespace symwave::solvers::modes
