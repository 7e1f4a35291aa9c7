// Walls between a metal and a dielectric whose permittivities are nearly opposite.
#pragma once

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"
#include "jobs/device/resolution.hpp"

namespace symwave::jobs::checks {

/// A sentence for each metal without loss beside a dielectric, of the materials in `resolution`,
/// whose ratio r = eps_metal / eps_dielectric lies in [-3, -1/3] at a wavelength of the deck, for
/// light with E across walls. At r = -1 the plasmons of a plane wall resonate at every wavelength
/// along it, in the whole interval those of a corner of 90 degrees do, and Maxwell's equations
/// without loss have no solution that a mesh could converge to (Bonnet-Ben Dhia, Chesnel and
/// Ciarlet, ESAIM M2AN 46, 1363 (2012)).
std::vector<std::string> PlasmonWarnings(const deck::DeviceOptions& options,
                                         const std::vector<device::MaterialResolution>& resolution);

}  // namespace symwave::jobs::checks
