#include "solvers/fdtd/located_port.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/face.hpp"

namespace symwave::solvers::fdtd {

using domain::PortPlane;

LocatedPort LocateWithMonitor(const domain::Lattice& lattice, const domain::PlanePort& port,
                              int monitor_distance) {
  LocatedPort located;
  located.plane = domain::LocatePort(lattice, port);
  const PortPlane& plane = located.plane;
  const int node = plane.node + (plane.forward ? monitor_distance : -monitor_distance);
  const domain::IndexBox inside = lattice.InsidePml();
  if (node <= inside.lo[plane.axis] || node + 1 >= inside.hi[plane.axis]) {
    base::Fail(
        "{}port '{}' faces the wrong way, out of the lattice: its monitor would stand at {:.4g} "
        "um, {} cells "
        "further on; let it face the device",
        port.where.empty() ? "" : port.where + ": ", port.name, lattice.Node(plane.axis, node),
        monitor_distance);
  }
  located.monitor = {plane.axis, node, plane.box};
  located.monitor.box.lo[plane.axis] = node;
  located.monitor.box.hi[plane.axis] = node + 1;
  const double at = port.at[static_cast<size_t>(plane.axis)], sense = plane.forward ? 1 : -1;
  located.distance = sense * (lattice.Node(plane.axis, node) - at);
  located.offset = sense * (at - lattice.Node(plane.axis, plane.node));
  return located;
}

std::array<std::array<int, 3>, 2> BoxBetween(const domain::Lattice& lattice,
                                             const std::vector<LocatedPort>& ports) {
  std::array<int, 3> lo{}, hi{};
  for (int d = 0; d < 3; ++d) {
    const auto [first, last] = SpanningNodes(lattice, d);
    const int before = lattice.End(d, 0).pml_cells;
    const int behind = lattice.End(d, 1).pml_cells;
    lo[d] = first + (before > 0 ? before + 1 : 0);
    hi[d] = last - (behind > 0 ? behind + 1 : 0);
  }
  for (const LocatedPort& port : ports) {
    const int axis = port.plane.axis;
    if (port.plane.forward) {
      lo[axis] = std::max(lo[axis], port.monitor.node);
    } else {
      hi[axis] = std::min(hi[axis], port.monitor.node);
    }
  }
  for (int d = 0; d < 3; ++d) {
    if (lo[d] >= hi[d]) base::Fail("the ports facing along {} leave no device between", "xyz"[d]);
  }
  return {lo, hi};
}

void RequireEqualCells(const domain::Lattice& lattice, const modes::WaveguidePlane& monitor) {
  const double before = lattice.CellWidth(monitor.axis, monitor.node - 1);
  const double behind = lattice.CellWidth(monitor.axis, monitor.node);
  if (std::abs(before - behind) <= 1e-9 * behind) return;
  base::Fail(
      "a mode monitor at node {} of the {} axis stands between cells of {} and {} um: they must be "
      "equal, keep the grid uniform where ports stand",
      monitor.node, "xyz"[monitor.axis], before, behind);
}

void RequirePortPlaces(const domain::Lattice& lattice, const std::vector<domain::PlanePort>& ports,
                       int monitor_distance) {
  std::vector<LocatedPort> located;
  for (const domain::PlanePort& port : ports) {
    located.push_back(LocateWithMonitor(lattice, port, monitor_distance));
    RequireEqualCells(lattice, located.back().monitor);
  }
  const auto [lo, hi] = BoxBetween(lattice, located);
  BoxFaces(lattice, lo, hi);
}

}  // namespace symwave::solvers::fdtd
