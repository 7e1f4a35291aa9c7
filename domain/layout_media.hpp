// The layout of a 2D frequency-domain problem on the lattice of the time domain.
#pragma once

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "domain/permittivity.hpp"

namespace symwave::domain {

/// `lattice` is LatticeOf(grid). eps is the real part of what EvaluatePermittivity gives and
/// conductivity = omega times its imaginary part, so that both solvers see one operator at omega
/// [1/um]: Ez takes beta of cell (i - 1, j - 1), Ex and Ey take 1/alpha of their faces; points
/// beyond continue. Layout.mirror_symmetric and changes are kept. One medium, never dispersive.
/// UserError from `sample` where Re eps <= 0 or Im eps < 0.
MediumMap MakeMediumMap(const Lattice& lattice, const Grid& grid, const Layout& layout,
                        double omega);

}  // namespace symwave::domain
