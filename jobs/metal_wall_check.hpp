// Outlines of metals that the cells of the time domain do not follow.
#pragma once

#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "jobs/options.hpp"

namespace symwave::jobs {

/// A sentence where outlines of metals with E across them (Hz, 3D) lie off the nodes of the
/// lattice, are oblique or curved: the E across them takes cells of all metal or none, which moves
/// the outline by up to half a cell. Not collective.
std::vector<std::string> MetalWallWarnings(const DeckOptions& options,
                                           const domain::Lattice& lattice);

}  // namespace symwave::jobs
