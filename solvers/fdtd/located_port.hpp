// Where a port stands on a lattice, and where its waves are measured.
#pragma once

#include <array>
#include <vector>

#include "domain/plane_port.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

/// A port on the lattice with its modes, and the plane on which it is measured.
struct LocatedPort {
  domain::PortPlane plane;
  modes::WaveguidePlane monitor;
  double distance = 0;  ///< from the port as given to the monitor [um]
  double offset = 0;    ///< from the node plane, on which modes are launched, to the port as given
};

/// UserError where the port faces out of the lattice, so that its monitor, so many cells further
/// on, has no place.
LocatedPort LocateWithMonitor(const domain::Lattice& lattice, const domain::PlanePort& port,
                              int monitor_distance);

/// Nodes lo..hi of the box between all monitors, one cell off the PMLs. UserError where there is
/// none.
std::array<std::array<int, 3>, 2> BoxBetween(const domain::Lattice& lattice,
                                             const std::vector<LocatedPort>& ports);

/// UserError where the cells on both sides of a mode monitor differ.
void RequireEqualCells(const domain::Lattice& lattice, const modes::WaveguidePlane& monitor);

/// Refuses the ports for which SolveScattering has no place, without an engine: their monitors so
/// many cells further on, and the box between these. UserError as SolveScattering.
void RequirePortPlaces(const domain::Lattice& lattice, const std::vector<domain::PlanePort>& ports,
                       int monitor_distance);

}  // namespace symwave::solvers::fdtd
