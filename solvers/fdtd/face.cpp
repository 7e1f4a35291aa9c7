#include "solvers/fdtd/face.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;
using domain::Lattice;

namespace {

/// Distance from a node, in cells, that does not count.
constexpr double kOnNode = 1e-6;

/// An axis that a face fills from one periodic seam to the other.
bool Fills(const Lattice& lattice, int axis, int lo, int hi) {
  return lattice.Periodic(axis) && lo == 0 && hi == lattice.Cells(axis);
}

/// Nodes nearest to both ends of an interval; the whole axis in the direction without variation.
std::array<int, 2> NearestNodes(const Lattice& lattice, int axis, double centre, double size) {
  if (lattice.TwoDimensional() && axis == 2) return {0, lattice.Cells(axis)};
  const domain::Axis& a = lattice.Along(axis);
  const double slack = 0.5 * lattice.SmallestWidth(axis);
  const double lo = centre - 0.5 * size, hi = centre + 0.5 * size;
  if (lo < a.Face(0) - slack || hi > a.Face(a.Cells()) + slack) {
    base::Fail(
        "a monitor extends along {} from {:.6g} to {:.6g} um, but the grid with its PML only from "
        "{:.6g} to {:.6g} um; change centre or size, or enlarge grid.size",
        "xyz"[axis], lo, hi, a.Face(0), a.Face(a.Cells()));
  }
  return {lattice.NearestNode(axis, lo, true), lattice.NearestNode(axis, hi, true)};
}

void CheckPlane(const Lattice& lattice, const Face& face) {
  const int axis = face.normal;
  base::Require(axis >= 0 && axis < 3 && face.lo[axis] == face.hi[axis], "a face is a plane");
  base::Require(face.sign == 1 || face.sign == -1, "the sign of a face is 1 or -1");
  const int plane = face.Plane();
  if (plane >= 1 && plane <= lattice.Cells(axis) - 1) return;
  base::Fail(
      "a monitor plane lies on the end of the grid, {} = {:.6g} um; it needs at least one cell on "
      "both sides: let it stand from {:.6g} to {:.6g} um, or enlarge grid.size",
      "xyz"[axis], lattice.Node(axis, plane), lattice.Node(axis, 1),
      lattice.Node(axis, lattice.Cells(axis) - 1));
}

void CheckAcross(const Lattice& lattice, const Face& face, int axis) {
  const int lo = face.lo[axis], hi = face.hi[axis];
  const int last = lattice.Cells(axis);
  if (lo < 0 || hi > last || lo >= hi) {
    base::Fail(
        "a monitor plane covers {:.6g} to {:.6g} um along {}; it must cover at least one cell "
        "within {:.6g} to {:.6g} um: enlarge its size",
        lattice.Node(axis, lo), lattice.Node(axis, hi), "xyz"[axis], lattice.Node(axis, 0),
        lattice.Node(axis, last));
  }
  if (lattice.Periodic(axis) && hi == last && lo != 0) {
    base::Fail(
        "a monitor plane ends on the periodic seam of the {} axis; let it fill the axis or end "
        "one cell earlier",
        "xyz"[axis]);
  }
}

}  // namespace

bool FillsAxis(const Lattice& lattice, const Face& face, int axis) {
  return Fills(lattice, axis, face.lo[axis], face.hi[axis]);
}

void CheckFace(const Lattice& lattice, const Face& face) {
  CheckPlane(lattice, face);
  const IndexBox inside = lattice.InsidePml();
  for (int axis = 0; axis < 3; ++axis) {
    if (axis != face.normal) CheckAcross(lattice, face, axis);
    const bool in_pml = (lattice.End(axis, 0).pml_cells > 0 && face.lo[axis] < inside.lo[axis]) ||
                        (lattice.End(axis, 1).pml_cells > 0 && face.hi[axis] >= inside.hi[axis]);
    if (!in_pml) continue;
    base::Fail(
        "a monitor plane reaches into the PML along {}, where fields are not those of the device: "
        "it covers {:.6g} to {:.6g} um and may lie from {:.6g} to {:.6g} um; change centre or "
        "size, "
        "or enlarge grid.size",
        "xyz"[axis], lattice.Node(axis, face.lo[axis]), lattice.Node(axis, face.hi[axis]),
        lattice.Node(axis, inside.lo[axis]), lattice.Node(axis, inside.hi[axis] - 1));
  }
}

Face FaceAt(const Lattice& lattice, int normal, const std::array<double, 3>& centre,
            const std::array<double, 3>& size, int sign) {
  Face face;
  face.normal = normal;
  face.sign = sign;
  for (int axis = 0; axis < 3; ++axis) {
    const double extent = axis == normal ? 0 : size[axis];
    const auto [lo, hi] = NearestNodes(lattice, axis, centre[axis], extent);
    face.lo[axis] = lo;
    face.hi[axis] = axis == normal ? lo : hi;
  }
  CheckFace(lattice, face);
  return face;
}

std::vector<Face> BoxFaces(const Lattice& lattice, const std::array<int, 3>& lo,
                           const std::array<int, 3>& hi) {
  std::vector<Face> faces;
  for (int axis = 0; axis < 3; ++axis) {
    if (Fills(lattice, axis, lo[axis], hi[axis])) continue;
    for (int side = 0; side < 2; ++side) {
      const int plane = side == 0 ? lo[axis] : hi[axis];
      const bool wall = plane == (side == 0 ? 0 : lattice.Cells(axis));
      if (wall && !lattice.Periodic(axis) && lattice.End(axis, side).pml_cells == 0) continue;
      Face face{axis, lo, hi, side == 0 ? -1 : 1};
      face.lo[axis] = face.hi[axis] = plane;
      CheckFace(lattice, face);
      faces.push_back(face);
    }
  }
  return faces;
}

std::vector<Face> BoxFacesAt(const Lattice& lattice, const std::array<double, 3>& centre,
                             const std::array<double, 3>& size) {
  std::array<int, 3> lo, hi;
  for (int axis = 0; axis < 3; ++axis) {
    const auto nodes = NearestNodes(lattice, axis, centre[axis], size[axis]);
    lo[axis] = nodes[0];
    hi[axis] = nodes[1];
  }
  return BoxFaces(lattice, lo, hi);
}

namespace {

/// A coordinate between two nodes, or on one: `share` of the way from `node` to the next.
struct Place {
  int node = 0;
  double share = 0;
};

/// Ends at the last nodes outside the PMLs.
Place PlaceAt(const Lattice& lattice, int axis, double position) {
  const IndexBox inside = lattice.InsidePml();
  const auto end = [&](int side) {
    if (lattice.End(axis, side).pml_cells == 0) return side == 0 ? 0 : lattice.Cells(axis);
    return side == 0 ? inside.lo[axis] : inside.hi[axis] - 1;
  };
  const std::vector<double>& nodes = lattice.Along(axis).Faces();
  if (position <= nodes[end(0)]) return {end(0), 0};
  if (position >= nodes[end(1)]) return {end(1), 0};
  const auto above = std::upper_bound(nodes.begin(), nodes.end(), position);
  const auto node = static_cast<int>(above - nodes.begin()) - 1;
  const double share = (position - nodes[node]) / lattice.CellWidth(axis, node);
  if (share < kOnNode) return {node, 0};
  if (share > 1 - kOnNode) return {node + 1, 0};
  return {node, share};
}

/// UserError where an interval leaves the lattice or reaches a cell or more into a PML.
void CheckReach(const Lattice& lattice, int axis, double low, double high) {
  const IndexBox inside = lattice.InsidePml();
  const double first = lattice.Node(axis, inside.lo[axis]);
  const double last = lattice.Periodic(axis) ? lattice.Along(axis).Faces().back()
                                             : lattice.Node(axis, inside.hi[axis] - 1);
  const double slack = (1 + kOnNode) * lattice.CellWidth(axis, inside.lo[axis]);
  if (low > first - slack && high < last + slack) return;
  base::Fail(
      "a monitor extends along {} from {:.6g} to {:.6g} um, but the grid without its PML only from "
      "{:.6g} to {:.6g} um; change centre or size, or enlarge grid.size",
      "xyz"[axis], low, high, first, last);
}

/// Sets the extent of a face along an axis across it.
void Span(const Lattice& lattice, int axis, double centre, double size, Face& face) {
  if (lattice.TwoDimensional() && axis == 2) {
    face.lo[axis] = 0;
    face.hi[axis] = lattice.Cells(axis);
    return;
  }
  const double low = centre - 0.5 * size, high = centre + 0.5 * size;
  CheckReach(lattice, axis, low, high);
  const Place first = PlaceAt(lattice, axis, low), last = PlaceAt(lattice, axis, high);
  face.lo[axis] = first.node;
  face.hi[axis] = last.share > 0 ? last.node + 1 : last.node;
  face.cut[axis] = {first.share, last.share > 0 ? 1 - last.share : 0};
  // A rectangle that ends at the seam of a periodic axis is one node shorter.
  if (lattice.Periodic(axis) && face.hi[axis] == lattice.Cells(axis) && face.lo[axis] != 0) {
    --face.hi[axis];
    face.cut[axis][1] = 0;
  }
}

/// The rectangle `across` on the one or two node planes around a coordinate along its normal.
std::vector<Face> OnPlanes(const Lattice& lattice, Face across, double position) {
  const Place place = PlaceAt(lattice, across.normal, position);
  std::vector<Face> faces;
  for (int k = 0; k < (place.share > 0 ? 2 : 1); ++k) {
    across.lo[across.normal] = across.hi[across.normal] = place.node + k;
    across.weight = k == 0 ? 1 - place.share : place.share;
    CheckFace(lattice, across);
    faces.push_back(across);
  }
  return faces;
}

}  // namespace

std::vector<Face> FacesThrough(const Lattice& lattice, int normal,
                               const std::array<double, 3>& centre,
                               const std::array<double, 3>& size, int sign) {
  Face face;
  face.normal = normal;
  face.sign = sign;
  CheckReach(lattice, normal, centre[normal], centre[normal]);
  for (int axis = 0; axis < 3; ++axis) {
    if (axis != normal) Span(lattice, axis, centre[axis], size[axis], face);
  }
  return OnPlanes(lattice, face, centre[normal]);
}

std::vector<Face> BoxFacesThrough(const Lattice& lattice, const std::array<double, 3>& centre,
                                  const std::array<double, 3>& size) {
  Face box;
  for (int axis = 0; axis < 3; ++axis) Span(lattice, axis, centre[axis], size[axis], box);
  std::vector<Face> faces;
  for (int axis = 0; axis < 3; ++axis) {
    if (Fills(lattice, axis, box.lo[axis], box.hi[axis])) continue;
    if (lattice.TwoDimensional() && axis == 2) continue;
    for (int side = 0; side < 2; ++side) {
      const double position = centre[axis] + (side == 0 ? -0.5 : 0.5) * size[axis];
      const Place place = PlaceAt(lattice, axis, position);
      const bool wall = place.share == 0 && place.node == (side == 0 ? 0 : lattice.Cells(axis));
      if (wall && !lattice.Periodic(axis) && lattice.End(axis, side).pml_cells == 0) continue;
      Face face = box;
      face.normal = axis;
      face.sign = side == 0 ? -1 : 1;
      face.cut[axis] = {0, 0};
      for (const Face& on_plane : OnPlanes(lattice, face, position)) faces.push_back(on_plane);
    }
  }
  return faces;
}

}  // namespace symwave::solvers::fdtd
