#include "jobs/checks/place_log.hpp"

#include <cmath>

#include "domain/base/log.hpp"
#include "jobs/device/places.hpp"

namespace symwave::jobs::checks {

namespace {

std::string PlaceText(const std::vector<double>& place) {
  std::string list;
  for (const double x : place) list += fmt::format("{}{:.5g}", list.empty() ? "" : ", ", x);
  return "(" + list + ") um";
}

/// Whether two places are more than a millionth of a cell apart.
bool Differ(const domain::Lattice& lattice, const std::vector<double>& a,
            const std::vector<double>& b) {
  for (size_t d = 0; d < a.size(); ++d) {
    if (std::abs(a[d] - b[d]) > 1e-6 * lattice.SmallestWidth(static_cast<int>(d))) return true;
  }
  return false;
}

struct PlaceLog {
  const deck::SimulateOptions& options;
  const domain::Lattice& lattice;
  const std::string& name;

  void operator()(const deck::ProbeOptions& probe) const {
    const auto point = device::NearestPoint(lattice, probe.component, probe.at);
    std::vector<double> place;
    for (size_t d = 0; d < probe.at.size(); ++d) {
      const int axis = static_cast<int>(d);
      place.push_back(lattice.Position(probe.component, axis, point[d]));
    }
    if (!Differ(lattice, place, probe.at)) return;
    base::Info("probe {} records {} at {}, the point of the lattice nearest to {}", name,
               domain::NameOf(probe.component), PlaceText(place), PlaceText(probe.at));
  }

  void operator()(const deck::DftMonitorOptions& dft) const {
    const device::Extent extent = device::ExtentOf(options, dft.centre, dft.size);
    const domain::IndexBox box = device::NodesOf(lattice, extent);
    std::vector<double> low, high, nodes_low, nodes_high;
    for (size_t d = 0; d < dft.centre.size(); ++d) {
      const int axis = static_cast<int>(d);
      low.push_back(extent.centre[d] - extent.size[d] / 2);
      high.push_back(extent.centre[d] + extent.size[d] / 2);
      nodes_low.push_back(lattice.Node(axis, box.lo[d]));
      nodes_high.push_back(lattice.Node(axis, box.hi[d] - 1));
    }
    if (!Differ(lattice, low, nodes_low) && !Differ(lattice, high, nodes_high)) return;
    base::Info("monitor {} holds the nodes of the lattice from {} to {}, asked for {} to {}", name,
               PlaceText(nodes_low), PlaceText(nodes_high), PlaceText(low), PlaceText(high));
  }

  /// Fluxes are interpolated, diffraction orders carried to their plane, and far fields do not
  /// depend on the place of their box.
  void operator()(const deck::FluxMonitorOptions&) const {}
  void operator()(const deck::DiffractionOptions&) const {}
  void operator()(const deck::FarFieldOptions&) const {}
};

}  // namespace

void LogPlaces(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem) {
  for (const deck::MonitorOptions& monitor : options.monitors) {
    deck::AtPlace(monitor.where, [&] {
      std::visit(PlaceLog{options, problem.lattice, monitor.name}, monitor.what);
    });
  }
}

}  // namespace symwave::jobs::checks
