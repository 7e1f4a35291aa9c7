// How deep a place lies in the PMLs of a lattice.
#pragma once

#include "domain/lattice.hpp"

namespace symwave::solvers::yee {

/// Depth in the PML at a coordinate, 0 outside to 1 at the wall, and the layer's thickness [um].
struct PmlDepth {
  double share = 0;
  double thickness = 0;
};
PmlDepth DepthInPml(const domain::Lattice& lattice, int axis, double position);

}  // namespace symwave::solvers::yee
