#include "solvers/modes/leak.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace symwave::solvers::modes {

std::string LeakReason(double n_eff, double edge_index, const std::string& edge) {
  if (edge.empty()) return "";
  return fmt::format(
      "the mode of index {:.4f} leaks into the medium at the {} edge of the port's window, which "
      "carries waves of index {:.4f}. Where that is a substrate, slab or guide as dense as the "
      "guide itself, end the window at least one cell before it; else ",
      n_eff, edge, edge_index);
}

std::string LeakReasonOfBend(double n_eff, double edge_index, double way, double radius) {
  const double caustic = n_eff * way / edge_index * radius;
  const std::string remedy =
      caustic > radius
          ? fmt::format(
                "make the span {:.3g} um at most, and where the mode needs more, the bend "
                "wider or the guide denser",
                2 * (caustic - radius))
          : "make the bend wider or the guide denser";
  return fmt::format(
      "light of its mode of index {:.4f} leaves a bend of {:.4g} um beyond {:.4g} um from the "
      "centre, which the window reaches: {}; else ",
      n_eff, radius, caustic, remedy);
}

std::string LeakReason(const domain::Lattice& lattice, const WaveguideMode& mode) {
  const GuideCurve& curve = mode.plane.curve;
  if (curve.Straight() || mode.edge != curve.OuterEdge(mode.plane.box, lattice)) {
    return LeakReason(mode.n_eff.real(), mode.edge_index, mode.edge);
  }
  const domain::IndexBox& box = mode.plane.box;
  const double way = std::max(curve.WayAt(lattice.Node(curve.axis, box.lo[curve.axis])),
                              curve.WayAt(lattice.Node(curve.axis, box.hi[curve.axis] - 1)));
  return LeakReasonOfBend(mode.n_eff.real(), mode.edge_index, way, curve.radius);
}

}  // namespace symwave::solvers::modes
