// Where the dispersive media of a lattice are, found on a sample of its rows before it is cut into
// blocks.
#pragma once

#include <mpi.h>

#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"

namespace symwave::solvers::fdtd {

/// Poles in the components of E of a point, added up over the components: 3 in 3D where every
/// component has one.
struct PoleProfile {
  double mean = 0;                            ///< over all points
  std::array<std::vector<double>, 3> layers;  ///< over the points of each layer; empty: no poles
};

/// Collective: each rank samples some of at most 24 x 24 rows along x (192 in 2D), spread evenly;
/// layers between them take the nearest one.
PoleProfile SamplePoles(MPI_Comm comm, const domain::Lattice& lattice,
                        const domain::MediumMap& media);

}  // namespace symwave::solvers::fdtd
