// The lattice of a deck, in 2D and 3D, for both solvers.
#pragma once

#include "domain/lattice.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

/// Equal cells about the origin where the deck asks for nothing else (domain::UniformLattice), else
/// graded axes with nodes at the ends of grid.size. UserError with the grid's place, of three
/// dimensions in frequency domain, too.
domain::Lattice LatticeOf(const deck::DeviceOptions& options);

}  // namespace symwave::jobs::device
