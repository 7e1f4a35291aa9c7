#include "jobs/simulate/time/placed_monitors.hpp"

#include <algorithm>

#include "jobs/checks/diffraction_check.hpp"
#include "jobs/checks/far_field_check.hpp"
#include "jobs/device/places.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/views.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Component;
using solvers::fdtd::Face;

/// Places one monitor.
struct PlaceOf {
  const deck::SimulateOptions& options;
  const device::TimeDomainProblem& problem;
  const deck::MonitorOptions& monitor;
  bool shown;  ///< by the report, where it is a monitor of fields

  const domain::Lattice& Lattice() const { return problem.lattice; }

  PlacedMonitor operator()(const deck::DftMonitorOptions& given) const {
    PlacedDft dft;
    dft.name = monitor.name;
    dft.box = device::NodesOf(Lattice(), device::ExtentOf(options, given.centre, given.size));
    dft.wavelengths = given.wavelengths.empty() ? std::vector<double>{options.MiddleWavelength()}
                                                : given.wavelengths;
    dft.components = given.components.empty() ? AllComponents(Lattice()) : given.components;
    if (options.output.MonitorFiles()) {
      dft.parts = {RecordedFor(Lattice(), dft.box, dft.components)};
    } else if (shown) {
      dft.parts = ViewBoxes(Lattice(), dft.box, MiddleOf(Lattice(), dft.box));
    }
    return dft;
  }

  PlacedMonitor operator()(const deck::FluxMonitorOptions& given) const {
    const device::Extent extent = device::PowerExtentOf(options, given.centre, given.size);
    const auto flat = std::find(given.size.begin(), given.size.end(), 0.0);
    const bool box = flat == given.size.end();
    const std::vector<Face> faces =
        box ? solvers::fdtd::BoxFacesThrough(Lattice(), extent.centre, extent.size)
            : solvers::fdtd::FacesThrough(Lattice(), static_cast<int>(flat - given.size.begin()),
                                          extent.centre, extent.size);
    return PlacedFlux{monitor.name, extent.mirror_copies, box, faces};
  }

  PlacedMonitor operator()(const deck::ProbeOptions& given) const {
    device::RequireInside(Lattice(), given.at, "the probe");
    const auto point = device::NearestPoint(Lattice(), given.component, given.at);
    return PlacedProbe{monitor.name, given.component, point, given.resonances};
  }

  PlacedMonitor operator()(const deck::FarFieldOptions& given) const {
    const device::Extent extent = device::ExtentOf(options, given.centre, given.size);
    return PlacedFarField{monitor.name, given,
                          solvers::fdtd::BoxFacesAt(Lattice(), extent.centre, extent.size),
                          checks::OutsideOf(options, problem, monitor)};
  }

  PlacedMonitor operator()(const deck::DiffractionOptions& given) const {
    const Face face = checks::DiffractionFace(options, Lattice(), given);
    solvers::fdtd::CheckFace(Lattice(), face);
    return PlacedDiffraction{monitor.name, face, given.centre[static_cast<size_t>(face.normal)],
                             checks::DiffractionMedium(options, problem, monitor)};
  }
};

}  // namespace

std::vector<PlacedMonitor> PlaceMonitors(const deck::SimulateOptions& options,
                                         const device::TimeDomainProblem& problem) {
  std::vector<PlacedMonitor> placed;
  // Runs of ports show their own fields.
  bool shown = !options.sources.empty();
  for (const deck::MonitorOptions& monitor : options.monitors) {
    deck::AtPlace(monitor.where, [&] {
      placed.push_back(std::visit(PlaceOf{options, problem, monitor, shown}, monitor.what));
    });
    shown = shown && !std::holds_alternative<PlacedDft>(placed.back());
  }
  return placed;
}

std::vector<Component> AllComponents(const domain::Lattice& lattice) {
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  return components;
}

std::array<double, 3> MiddleOf(const domain::Lattice& lattice, const domain::IndexBox& box) {
  std::array<double, 3> middle{};
  for (int axis = 0; axis < 3; ++axis) {
    middle[axis] = lattice.Node(axis, (box.lo[axis] + box.hi[axis]) / 2);
  }
  return middle;
}

}  // namespace symwave::jobs::simulate::time
