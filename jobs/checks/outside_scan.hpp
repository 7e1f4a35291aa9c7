// Looks for media outside a box that are not layers across one axis.
#pragma once

#include <mpi.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "domain/structure.hpp"

namespace symwave::jobs::checks {

/// A point outside the box whose medium is not that of the corner of the lattice at the same
/// coordinate along the axis of the layers.
struct Stranger {
  std::array<double, 3> at{0, 0, 0};
  std::array<double, 3> corner{0, 0, 0};
  int distance = 0;  ///< from the box, in cells
  bool in_pml = false;
};

/// The corner of the lattice where no walls are, just inside.
std::array<double, 3> OpenCorner(const domain::Lattice& lattice);

/// Collective, the same on every rank: the stranger nearest to the box, if any. `inside` in nodes,
/// both ends being faces, on which there may be no stranger either. Each rank samples its share of
/// the lattice, its PML included.
std::optional<Stranger> FindStranger(MPI_Comm comm, const domain::Lattice& lattice,
                                     const domain::MediumMap& media, int axis,
                                     const domain::IndexBox& inside);

/// Not collective: a point on the node plane `plane` of an axis, or a cell before or behind, whose
/// medium is not that of the corner on the plane, if any.
std::optional<Stranger> FindStrangerBeside(const domain::Lattice& lattice,
                                           const domain::MediumMap& media, int axis, int plane);

/// Names of the materials at a stranger and at the corner, looked for within half a cell.
std::pair<std::string, std::string> MaterialsAt(const domain::Lattice& lattice,
                                                const domain::Structure& structure,
                                                const Stranger& stranger);

}  // namespace symwave::jobs::checks
