#include "jobs/checks/far_field_sources.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "jobs/device/incidence.hpp"
#include "jobs/device/regions.hpp"

namespace symwave::jobs::checks {

namespace {

/// The box in um; infinite where it ends on a wall.
struct Box {
  std::array<double, 3> lo, hi;

  Box(const domain::Lattice& lattice, const domain::IndexBox& nodes) {
    constexpr double kInfinite = std::numeric_limits<double>::infinity();
    for (int d = 0; d < 3; ++d) {
      lo[d] = nodes.lo[d] < 0 ? -kInfinite : lattice.Node(d, nodes.lo[d]);
      hi[d] = nodes.hi[d] > lattice.Cells(d) ? kInfinite : lattice.Node(d, nodes.hi[d]);
    }
  }
  /// With `margin` to spare.
  bool Holds(const std::vector<double>& at, const std::vector<double>& margin) const {
    for (size_t d = 0; d < at.size(); ++d) {
      if (at[d] - margin[d] < lo[d] || at[d] + margin[d] > hi[d]) return false;
    }
    return true;
  }
};

std::vector<double> CellOf(const deck::SimulateOptions& options) {
  std::vector<double> cell;
  for (int d = 0; d < options.grid.Dimensions(); ++d) cell.push_back(options.grid.Cell(d));
  return cell;
}

/// The radius at which a beam has fallen to 1/e of its field where its axis meets the plane that it
/// is launched from, and that place.
struct Footprint {
  std::vector<double> at;
  double radius = 0;
};

Footprint FootprintOf(const deck::SimulateOptions& options,
                      const device::TimeDomainProblem& problem, const deck::BeamOptions& beam) {
  const auto flat = std::find(beam.size.begin(), beam.size.end(), 0.0) - beam.size.begin();
  double length = 0;
  for (const double d : beam.direction) length += d * d;
  length = std::sqrt(length);
  const std::vector<double>& focus = beam.focus.empty() ? beam.centre : beam.focus;
  const double cosine = std::abs(beam.direction[flat]) / length;
  const double way = (beam.centre[flat] - focus[flat]) / beam.direction[flat] * length;
  Footprint foot;
  for (size_t d = 0; d < focus.size(); ++d) {
    foot.at.push_back(focus[d] + way * beam.direction[d] / length);
  }
  const double longest = *std::max_element(options.wavelengths.begin(), options.wavelengths.end());
  const double eps = device::BackgroundOf(options, problem).Permittivity(2 * M_PI / longest).real();
  const double rayleigh = M_PI * beam.waist * beam.waist * std::sqrt(eps) / longest;
  foot.radius = beam.waist * std::hypot(1, way / rayleigh) / cosine;
  return foot;
}

struct Inside {
  const deck::SimulateOptions& options;
  const device::TimeDomainProblem& problem;
  const deck::MonitorOptions& monitor;
  const deck::SourceOptions& source;
  const Box& box;

  void operator()(const deck::DipoleOptions& dipole) const {
    if (box.Holds(dipole.at, CellOf(options))) return;
    base::Fail(
        "near_to_far {} holds the far field of what stands in its box, but the dipole of {} stands "
        "outside or within a cell of its faces; enlarge the box or move the dipole",
        monitor.name, source.where);
  }
  void operator()(const deck::PlaneWaveOptions& given) const {
    device::RequireScatteredField(options, problem.lattice,
                                  device::PlaneWaveOf(options, problem, source, given), monitor);
  }
  void operator()(const deck::BeamOptions& beam) const {
    const Footprint foot = FootprintOf(options, problem, beam);
    const auto flat = std::find(beam.size.begin(), beam.size.end(), 0.0) - beam.size.begin();
    // At two radii the field is 2 % of the middle.
    std::vector<double> margin(foot.at.size(), 2 * foot.radius);
    margin[flat] = 2 * options.grid.Cell(static_cast<int>(flat));
    if (box.Holds(foot.at, margin)) return;
    base::Fail(
        "near_to_far {} holds the far field of what stands in its box, but the beam of {} is "
        "launched from outside it, or as wide as it (radius {:.3g} um in its plane); enlarge the "
        "box by two radii around the beam, or take a plane_wave in a box inside it",
        monitor.name, source.where, foot.radius);
  }
};

}  // namespace

void RequireSourcesInside(const deck::SimulateOptions& options,
                          const device::TimeDomainProblem& problem,
                          const deck::MonitorOptions& monitor, const domain::IndexBox& inside) {
  const Box box(problem.lattice, inside);
  for (const deck::SourceOptions& source : options.sources) {
    std::visit(Inside{options, problem, monitor, source, box}, source.what);
  }
  for (const domain::PlanePort& port : problem.ports) {
    const std::vector<double> at(port.at.begin(), port.at.begin() + options.grid.Dimensions());
    if (box.Holds(at, CellOf(options))) continue;
    base::Fail(
        "near_to_far {} holds the far field of what stands in its box, but port {} launches and "
        "takes light outside of it; measure what leaves in guides by ports, and the far field of a "
        "device whose guides end in the box with a source inside",
        monitor.name, port.name);
  }
}

}  // namespace symwave::jobs::checks
