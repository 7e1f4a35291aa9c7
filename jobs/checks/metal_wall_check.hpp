// Outlines of metals that cells do not follow.
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

/// The same of the frequency domain, which averages where E lies along or across a wall: of oblique
/// and curved outlines only. Not collective.
std::vector<std::string> MetalOutlineWarnings(const deck::DeviceOptions& options,
                                              const domain::Lattice& lattice);

}  // namespace symwave::jobs::checks
