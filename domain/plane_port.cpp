#include "domain/plane_port.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr int kFewestCells = 4;
/// Share of the radius of a bend that a port may reach towards its centre.
constexpr double kNearestToCentre = 0.9;

struct Locator {
  const Lattice& lattice;
  const PlanePort& port;
  std::string who;

  /// Node of the plane, which needs a cell of the lattice's inside on either side.
  int Plane(int axis) const {
    const double at = port.at[static_cast<size_t>(axis)];
    const int first = lattice.End(axis, 0).pml_cells;
    const int last = lattice.Cells(axis) - lattice.End(axis, 1).pml_cells;
    const double low = lattice.HalfNode(axis, first), high = lattice.HalfNode(axis, last - 1);
    const double slack = 1e-6 * lattice.CellWidth(axis, first);
    if (last - first < 2) {
      base::Fail(
          "{} has no room along {}: grid.size has {} cell{} between the ends, and a port needs one "
          "on either side; enlarge grid.size, or take smaller cells",
          who, "xyz"[axis], last - first, last - first == 1 ? "" : "s");
    }
    if (at > low - slack && at < high + slack) {
      return std::clamp(lattice.NearestNode(axis, at, IsForward(port.faces)), first + 1, last - 1);
    }
    base::Fail(
        "{} stands at {} = {:.6g} um, outside the grid: a port along {} stands half a cell off "
        "the PML at least, from {:.6g} to {:.6g} um; move ports.at or enlarge grid.size",
        who, "xyz"[axis], at, "xyz"[axis], low, high);
  }

  /// Points [lo, hi) of the cross-section along an axis across.
  std::array<int, 2> Span(int axis, double span) const {
    const double middle = port.at[static_cast<size_t>(axis)];
    const int cells = lattice.Cells(axis);
    const double ends[] = {lattice.Node(axis, 0), lattice.Node(axis, cells)};
    double limits[] = {middle - 0.5 * span, middle + 0.5 * span};
    for (int side = 0; side < 2; ++side) {
      const AxisEnd& end = lattice.End(axis, side);
      const bool wall = end.wall != Wall::Periodic && end.pml_cells == 0;
      const double beyond = side == 0 ? ends[0] - limits[0] : limits[1] - ends[1];
      if (wall && beyond > 0) limits[side] = ends[side];
      const double slack = 1e-6 * lattice.CellWidth(axis, side == 0 ? 0 : cells - 1);
      if (!wall && beyond > slack) {
        base::Fail(
            "{} spans {:.6g} to {:.6g} um along {}, but the grid with its PML ends at {:.6g} and "
            "{:.6g} um: shorten ports.span or enlarge grid.size",
            who, limits[0], limits[1], "xyz"[axis], ends[0], ends[1]);
      }
    }
    const int first = lattice.NearestNode(axis, limits[0], false);
    const int last = lattice.NearestNode(axis, limits[1], true);
    const bool whole = first == 0 && last == cells;
    if (last - first < kFewestCells && !whole) {
      base::Fail(
          "{} has a span of {:.6g} um along {}, {} cells; at least {} cells are needed: enlarge "
          "ports.span",
          who, span, "xyz"[axis], std::max(0, last - first), kFewestCells);
    }
    return {first, whole ? lattice.Points(axis) : last + 1};
  }
};

}  // namespace

void RequirePossible(const Lattice& lattice, const PlanePort& port, const std::string& who) {
  if (port.bend.radius == 0) return;
  const int axis = AxisOf(port.bend.towards), normal = AxisOf(port.faces);
  const std::array<int, 2> across = Across(normal);
  const bool flat = lattice.TwoDimensional();
  if (axis == normal || (flat && axis == 2)) {
    base::Fail("{} faces along {}, so that its guide bends towards {}, not {}", who, "xyz"[normal],
               flat ? fmt::format("-{0} or +{0}", "xyz"[across[0]])
                    : fmt::format("-{0}, +{0}, -{1} or +{1}", "xyz"[across[0]], "xyz"[across[1]]),
               "xyz"[axis]);
  }
  const double span = port.span[axis == across[0] ? 0 : 1];
  const double longest = 2 * kNearestToCentre * port.bend.radius;
  if (span > longest) {
    base::Fail(
        "{} has a span of {:.6g} um, which reaches {} the centre of its bend of {:.6g} um: make it "
        "{:.4g} um at most",
        who, span, span > 2 * port.bend.radius ? "beyond" : "close to", port.bend.radius, longest);
  }
  for (int side = 0; side < 2; ++side) {
    const AxisEnd& end = lattice.End(axis, side);
    if (end.wall == Wall::Periodic || end.pml_cells > 0) continue;
    const double wall = lattice.Node(axis, side == 0 ? 0 : lattice.Cells(axis));
    if (std::abs(port.at[static_cast<size_t>(axis)] - wall) > lattice.CellWidth(axis, 0)) continue;
    base::Fail(
        "{} stands on the wall or mirror plane at {} = {:.6g} um and bends across it, where its "
        "image would bend the other way; simulate the whole device",
        who, "xyz"[axis], wall);
  }
}

PortPlane LocatePort(const Lattice& lattice, const PlanePort& port) {
  const Locator locator{lattice, port,
                        (port.where.empty() ? "" : port.where + ": ") + "port '" + port.name + "'"};
  PortPlane plane;
  plane.axis = AxisOf(port.faces);
  plane.forward = IsForward(port.faces);
  if (lattice.TwoDimensional() && plane.axis == 2) {
    base::Fail("{} faces along z, but the problem is two-dimensional", locator.who);
  }
  RequirePossible(lattice, port.modes, locator.who);
  RequirePossible(lattice, port, locator.who);
  plane.node = locator.Plane(plane.axis);
  plane.box.lo[plane.axis] = plane.node;
  plane.box.hi[plane.axis] = plane.node + 1;
  const std::array<int, 2> across = Across(plane.axis);
  for (size_t k = 0; k < 2; ++k) {
    const int axis = across[k];
    const bool flat = lattice.TwoDimensional() && axis == 2;
    const auto [lo, hi] = flat ? std::array<int, 2>{0, 1} : locator.Span(axis, port.span[k]);
    plane.box.lo[axis] = lo;
    plane.box.hi[axis] = hi;
  }
  return plane;
}

}  // namespace symwave::domain
