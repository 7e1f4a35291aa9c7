// Following the modes of a port through a band.
#pragma once

#include <vector>

#include "domain/medium.hpp"
#include "domain/plane_port.hpp"
#include "solvers/fdtd/mode_spectrum.hpp"

namespace symwave::solvers::fdtd {

/// Takes modes port.modes of the middle frequency and those that continue them at the others, each
/// by its overlap with itself at the neighbouring frequency, whose sign it gets. `found`: what was
/// solved at the increasing frequencies `at`. Not collective. UserError where a mode is not guided,
/// chosen twice, or has less than half of its amplitude in any mode of the next frequency.
ModeSpectrum::Solution FollowModes(const domain::Lattice& lattice, const domain::MediumMap& media,
                                   const domain::PlanePort& port, const domain::PortPlane& plane,
                                   const std::vector<double>& at,
                                   const std::vector<std::vector<modes::WaveguideMode>>& found);

}  // namespace symwave::solvers::fdtd
