// Outlines of metals that the cells of the time domain do not follow.
#pragma once

#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::checks {

/// A sentence where outlines of metals with E across them (Hz, 3D) lie off the nodes of the
/// lattice, are oblique or curved: the E across them takes cells of all metal or none, which moves
/// the outline by up to half a cell. Not collective.
std::vector<std::string> MetalWallWarnings(const deck::DeviceOptions& options,
                                           const domain::Lattice& lattice);

}  // namespace symwave::jobs::checks
