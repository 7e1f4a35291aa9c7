// How coarse a lattice is where a material lies.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/structure.hpp"

namespace symwave::domain {

/// The widest cells [um] along x, y and z in which a material lies. 0 along an axis on which
/// nothing varies: z in 2D, a periodic axis of one cell.
struct MaterialCells {
  std::string material;
  std::array<double, 3> width{0, 0, 0};
};

/// One entry for each material that lies on the lattice, PML included; materials that others cover
/// wholly, and those beyond the lattice, have none. `layers` from below, as Structure::Layers; in
/// 2D those of height 0; a layer without a base is nothing beside its regions.
std::vector<MaterialCells> WidestCells(const Lattice& lattice,
                                       const std::vector<StructureLayer>& layers);

}  // namespace symwave::domain
