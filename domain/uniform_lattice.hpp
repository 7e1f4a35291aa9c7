// 2D lattices of equal square cells about the origin, with the same end on both sides of an axis.
#pragma once

#include <array>
#include <optional>

#include "domain/lattice.hpp"

namespace symwave::domain {

/// What ends both sides of an axis: a PML in front of a wall, or a perfect electric or magnetic
/// conductor.
enum class Boundary { Pml, Pec, Pmc };

/// Lengths in um.
struct UniformLatticeOptions {
  Polarization polarization = Polarization::Ez;
  double cell = 0.05;
  std::array<double, 2> size{10.0, 5.0};                           ///< inside the PML
  double pml = 1.0;                                                ///< thickness on each PML side
  std::array<Boundary, 2> boundary{Boundary::Pml, Boundary::Pml};  ///< per axis
  /// Where a face of the cells lies; the axis then reaches over its size by less than a cell on
  /// each side. Without: the axis is centred on zero.
  std::array<std::optional<double>, 2> face;
};

/// The size is cut into cells, rounded up. Walls stand on the faces of the outermost ones, and the
/// nodes of Hz are the faces; so are those of Ez on an axis that ends in walls, while on one that
/// ends in PMLs they are the centres of the cells and end one cell further out. Node i and node
/// Cells - i of a centred axis are opposite numbers to the last bit. UserError for a size without
/// cells, or with more than can be numbered.
Lattice UniformLattice(const UniformLatticeOptions& options);

}  // namespace symwave::domain
