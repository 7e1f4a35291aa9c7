#include "jobs/device/places.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace symwave::jobs::device {

using domain::Component;

Extent ExtentOf(const deck::SimulateOptions& options, const std::vector<double>& centre,
                const std::vector<double>& size) {
  Extent extent;
  for (size_t axis = 0; axis < centre.size(); ++axis) {
    double low = centre[axis] - size[axis] / 2;
    const double high = centre[axis] + size[axis] / 2;
    if (options.grid.SymmetryOf(static_cast<int>(axis)) != deck::MirrorPlane::None) {
      const double slack = 1e-6 * options.grid.Cell(static_cast<int>(axis));
      if (low < -slack && high > slack) {
        extent.mirror_copies *= 2;
        extent.centred = extent.centred && std::abs(centre[axis]) <= slack;
      }
      low = std::max(low, 0.0);
      if (high < low) {
        base::Fail(
            "the box ends at {} = {:.6g} um on the side of a mirror plane that is not computed; "
            "move it to its mirror image",
            "xyz"[axis], high);
      }
    }
    extent.centre[axis] = 0.5 * (low + high);
    extent.size[axis] = high - low;
  }
  return extent;
}

Extent PowerExtentOf(const deck::SimulateOptions& options, const std::vector<double>& centre,
                     const std::vector<double>& size) {
  const Extent extent = ExtentOf(options, centre, size);
  if (!extent.centred) {
    base::Fail(
        "the box reaches over a mirror plane of grid.symmetry (coordinate 0) without being centred "
        "on it, and its halves carry unequal power; centre it there or end it at the plane");
  }
  return extent;
}

domain::IndexBox NodesOf(const domain::Lattice& lattice, const Extent& extent) {
  const domain::IndexBox inside = lattice.InsidePml();
  domain::IndexBox box = inside;
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const double low = extent.centre[axis] - extent.size[axis] / 2;
    const double high = extent.centre[axis] + extent.size[axis] / 2;
    const auto nearest = [&](double position) {
      int best = inside.lo[axis];
      for (int i = inside.lo[axis]; i < inside.hi[axis]; ++i) {
        const double off = std::abs(lattice.Node(axis, i) - position);
        if (off < std::abs(lattice.Node(axis, best) - position)) best = i;
      }
      return best;
    };
    box.lo[axis] = nearest(low);
    box.hi[axis] = nearest(high) + 1;
    const double slack = (1 + 1e-6) * lattice.CellWidth(axis, box.lo[axis]);
    const double first = lattice.Node(axis, inside.lo[axis]);
    const double last = lattice.Periodic(axis) ? lattice.Along(axis).Faces().back()
                                               : lattice.Node(axis, inside.hi[axis] - 1);
    if (low < first - slack || high > last + slack) {
      base::Fail(
          "the box reaches from {:.6g} to {:.6g} um along {}, beyond the grid without its PML, "
          "{:.6g} to {:.6g} um: change centre or size, or enlarge grid.size",
          low, high, "xyz"[axis], first, last);
    }
  }
  return box;
}

void RequireInside(const domain::Lattice& lattice, const std::vector<double>& position,
                   const std::string& what) {
  const domain::IndexBox inside = lattice.InsidePml();
  for (size_t a = 0; a < position.size(); ++a) {
    const int axis = static_cast<int>(a);
    const int last = inside.hi[axis] - 1;
    const double share = lattice.Periodic(axis) ? 1.0 : 0.5;
    // The points of a component next to it stand half a cell further at most.
    const double low =
        lattice.Node(axis, inside.lo[axis]) - 0.5 * lattice.CellWidth(axis, inside.lo[axis]);
    const double high = lattice.Node(axis, last) + share * lattice.CellWidth(axis, last);
    if (position[a] >= low && position[a] <= high) continue;
    base::Fail(
        "{} is at {} = {:.6g} um, beyond the grid without its PML: it may be from {:.6g} to {:.6g} "
        "um; change at, or enlarge grid.size",
        what, "xyz"[a], position[a], low, high);
  }
}

std::array<int, 3> NearestPoint(const domain::Lattice& lattice, Component component,
                                const std::vector<double>& position) {
  std::array<int, 3> point{0, 0, 0};
  for (size_t a = 0; a < position.size(); ++a) {
    const int axis = static_cast<int>(a);
    double nearest = std::numeric_limits<double>::infinity();
    for (int i = 0; i < lattice.Points(axis); ++i) {
      const double off = std::abs(lattice.Position(component, axis, i) - position[a]);
      if (off >= nearest) continue;
      nearest = off;
      point[axis] = i;
    }
  }
  return point;
}

}  // namespace symwave::jobs::device
