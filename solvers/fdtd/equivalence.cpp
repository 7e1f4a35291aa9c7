#include "solvers/fdtd/equivalence.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/held_points.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using domain::Stagger;

/// Points of a component in the rectangle of the plane, at index `at` along the normal.
IndexBox PointsOf(const Lattice& lattice, const LaunchPlane& plane, Component c, int at) {
  IndexBox box;
  for (int d = 0; d < 3; ++d) {
    if (d == plane.axis) {
      box.lo[d] = at;
      box.hi[d] = at + 1;
      continue;
    }
    const bool halves = lattice.StaggerOf(c, d) == Stagger::Centre;
    box.lo[d] = plane.first_node[d];
    box.hi[d] = halves ? plane.last_node[d] : plane.last_node[d] + 1;
  }
  return domain::Intersect(box, lattice.AllPoints());
}

void Check(const Lattice& lattice, const LaunchPlane& plane) {
  const int a = plane.axis;
  const int first = lattice.End(a, 0).pml_cells + (plane.inward > 0 ? 1 : 0);
  const int last = lattice.Cells(a) - lattice.End(a, 1).pml_cells - (plane.inward > 0 ? 0 : 1);
  const int end = lattice.Periodic(a) ? lattice.Cells(a) - 1 : last;
  if (plane.node < first || plane.node > std::min(last, end)) {
    base::Fail(
        "source: the plane {} = {:.6g} um lies outside the grid or in its PML; it may stand from "
        "{:.6g} to {:.6g} um: change centre or size, or enlarge grid.size",
        "xyz"[a], lattice.Node(a, plane.node), lattice.Node(a, first),
        lattice.Node(a, std::min(last, end)));
  }
}

}  // namespace

std::array<int, 2> SpanningNodes(const Lattice& lattice, int axis) {
  return {0, lattice.Cells(axis)};
}

LaunchPlane WholePlane(const Lattice& lattice, int axis, int node, int inward) {
  LaunchPlane plane{axis, node, inward, {0, 0, 0}, {0, 0, 0}};
  for (int d = 0; d < 3; ++d) plane.last_node[d] = lattice.Cells(d);
  return plane;
}

void ForEachTerm(const Lattice& lattice, const LaunchPlane& plane, const IndexBox& held,
                 const std::function<void(const EquivalentTerm&)>& use) {
  Check(lattice, plane);
  const int a = plane.axis;
  const int behind = plane.HalfBehind();
  const int u = (a + 1) % 3;
  const int v = (a + 2) % 3;
  const double over_s = plane.inward / lattice.NodeSpacing(a, plane.node);
  const double over_w = plane.inward / lattice.CellWidth(a, behind);
  const auto drive = [&](Component driven, int at, Component incident, int incident_at,
                         double factor) {
    if (!lattice.Has(driven)) return;
    const IndexBox box = PointsOf(lattice, plane, driven, at);
    std::array<std::vector<int>, 3> points;
    for (int d = 0; d < 3; ++d) points[d] = HeldAlong(lattice, held, d, box.lo[d], box.hi[d]);
    for (int k : points[2]) {
      for (int j : points[1]) {
        for (int i : points[0]) {
          EquivalentTerm term{driven, {i, j, k}, incident, {i, j, k}, factor};
          term.incident_point[a] = incident_at;
          use(term);
        }
      }
    }
  };
  // (d x F)_u = -F_v, (d x F)_v = F_u; J = -n x H / s, K = n x E / w.
  drive(domain::ElectricAlong(u), plane.node, domain::MagneticAlong(v), behind, over_s);
  drive(domain::ElectricAlong(v), plane.node, domain::MagneticAlong(u), behind, -over_s);
  drive(domain::MagneticAlong(u), behind, domain::ElectricAlong(v), plane.node, -over_w);
  drive(domain::MagneticAlong(v), behind, domain::ElectricAlong(u), plane.node, over_w);
}

}  // namespace symwave::solvers::fdtd
