#include "jobs/deck/periodic_check.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::jobs::deck {

namespace {

constexpr const char* kAxisNames = "xyz";

/// The axis along which a plane has no extent.
int NormalOf(const std::vector<double>& size) {
  return static_cast<int>(std::find(size.begin(), size.end(), 0.0) - size.begin());
}

}  // namespace

void CheckPeriodicAxes(const DeckOptions& options) {
  const GridOptions& grid = options.grid;
  for (int axis = 0; axis < 2 && options.chip; ++axis) {
    if (!grid.Periodic(axis)) continue;
    base::Fail("{}: grid.boundary: a chip does not repeat along {}; write pml there", grid.where,
               kAxisNames[axis]);
  }
  for (const PortOptions& port : options.ports) {
    if (!grid.Periodic(port.axis)) continue;
    base::Fail(
        "{}: port {} faces along {}, which is periodic in grid.boundary: light that leaves there "
        "comes back on the other side and no run would end; end {} in pml, or turn the port",
        port.where, port.name, kAxisNames[port.axis], kAxisNames[port.axis]);
  }
  for (const SourceOptions& source : options.sources) {
    const auto* beam = std::get_if<BeamOptions>(&source.what);
    if (!beam || !grid.Periodic(NormalOf(beam->size))) continue;
    const char axis = kAxisNames[NormalOf(beam->size)];
    base::Fail(
        "{}: the beam is launched along {}, which is periodic in grid.boundary: it would come back "
        "on the other side without end; end {} in pml, or let another entry of size be 0",
        source.where, axis, axis);
  }
  for (const MonitorOptions& monitor : options.monitors) {
    const auto* plane = std::get_if<DiffractionOptions>(&monitor.what);
    if (!plane || !grid.Periodic(NormalOf(plane->size))) continue;
    const char axis = kAxisNames[NormalOf(plane->size)];
    base::Fail(
        "{}: diffraction orders travel along {}, but it is periodic in grid.boundary, too, and "
        "none leaves; end {} in pml",
        monitor.where, axis, axis);
  }
}

void CheckDiffractionPlane(const DeckOptions& options, const std::string& where,
                           const DiffractionOptions& plane) {
  if (std::count(plane.size.begin(), plane.size.end(), 0.0) != 1) {
    base::Fail("{}: diffraction is counted on a plane: exactly one entry of size must be 0", where);
  }
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    if (plane.size[axis] == 0) continue;
    if (!options.grid.Periodic(axis)) {
      base::Fail(
          "{}: diffraction orders belong to a periodic grid, but {} is not; write periodic for it "
          "in grid.boundary, or take a near_to_far monitor",
          where, "xyz"[axis]);
    }
    if (plane.size[axis] >= options.grid.size[axis] * (1 - 1e-9)) continue;
    base::Fail(
        "{}: the plane is {} um wide along {}, which is periodic; give it the whole period of {} "
        "um",
        where, plane.size[axis], "xyz"[axis], options.grid.size[axis]);
  }
}

}  // namespace symwave::jobs::deck
