// What points cost on this machine, measured before the lattice is cut into blocks.
#pragma once

#include <mpi.h>

#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/partition.hpp"

namespace symwave::solvers::fdtd {

/// Times the row updates of a few hundred rows as long as the lattice's, plain, with a PML across
/// each axis and, if there are `poles`, with one in every component, on rank 0 (a few
/// milliseconds); the same on every rank, in steps of 0.1, so that equal machines cut a lattice
/// equally. Collective.
PointCosts MeasurePointCosts(MPI_Comm comm, const domain::Lattice& lattice, Precision precision,
                             bool poles);

}  // namespace symwave::solvers::fdtd
