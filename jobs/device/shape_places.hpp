// Shapes and layers of a deck that change nothing on its grid, most often by a slip in the unit.
#pragma once

#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// A sentence for each shape and layer that lies wholly outside the grid or within its PML, whose
/// outline lies around the whole grid, or that is much smaller than a cell; what a chip is made of
/// is not among them. Beyond a few of them, their number.
std::vector<std::string> ShapePlaceWarnings(const deck::DeviceOptions& options,
                                            const domain::Lattice& lattice);

}  // namespace symwave::jobs::device
