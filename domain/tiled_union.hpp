// The union of very many polygons in groups and tiles.
#pragma once

#include <mpi.h>

#include <vector>

#include "domain/shapes.hpp"

namespace symwave::domain {

/// See UniteOutlines; on the ranks of `comm`, collective, or on MPI_COMM_NULL here.
std::vector<Polygon> UniteInTiles(MPI_Comm comm, const std::vector<Polygon>& polygons);

}  // namespace symwave::domain
