// Modes of curved guides on planes beside that of the centre of the circle.
#pragma once

#include "domain/lattice.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::modes {

/// The mode whose e_u, e_v, h_u and h_v times exp(i beta distance) are the fields that `mode`, of
/// amplitude 1 on the plane through the centre of its circle, has on a plane `distance` further on
/// its way [um]: at a distance rho from the centre its phase is beta R times the angle distance /
/// rho, and e and h along the circle have a part along the plane. To second order of distance /
/// rho; `mode` itself of a straight guide.
///
/// The mode that travels the other way has e_u, e_v, -h_u, -h_v of minus that distance.
WaveguideMode OnPlaneBeside(const domain::Lattice& lattice, const WaveguideMode& mode,
                            double distance);

/// h_u and h_v without the factor with which WaveguideMode states them on a curve.
WaveguideMode WithPlainH(const domain::Lattice& lattice, const WaveguideMode& mode);

}  // namespace symwave::solvers::modes
