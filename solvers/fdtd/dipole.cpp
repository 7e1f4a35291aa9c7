#include "solvers/fdtd/dipole.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/fdtd/held_points.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::Lattice;
using domain::Stagger;

/// A point along one axis with its share of the moment and the phase from its image to itself.
struct AxisShare {
  int point;
  Complex share;
};

/// Largest point at or below the position, counted from one period before the lattice.
int PointBelow(const Lattice& lattice, Component c, int axis, double position) {
  int i = lattice.Periodic(axis) ? -1 : 0;
  while (i + 1 <= lattice.Cells(axis) && lattice.Position(c, axis, i + 1) <= position) ++i;
  return i;
}

/// Whether the dipole lies on the wall, without PML, of one side: the mirror plane of its own
/// image.
bool OnMirrorPlane(const Lattice& lattice, const Dipole& dipole, int axis, int side) {
  const domain::AxisEnd& end = lattice.End(axis, side);
  if (end.wall == domain::Wall::Periodic || end.pml_cells > 0) return false;
  const int wall = side == 0 ? 0 : lattice.Cells(axis);
  const double cell = lattice.CellWidth(axis, side == 0 ? 0 : wall - 1);
  const bool snaps = dipole.placement == DipolePlacement::Nearest &&
                     lattice.StaggerOf(dipole.component, axis) == Stagger::Face;
  const double distance = std::abs(dipole.position[axis] - lattice.Node(axis, wall));
  return distance < (snaps ? 0.5 : 1e-6) * cell;
}

std::vector<AxisShare> SharesAlong(const Lattice& lattice, const Dipole& dipole, int axis) {
  const Component c = dipole.component;
  const double x = dipole.position[axis];
  const int below = PointBelow(lattice, c, axis, x);
  const double lower = lattice.Position(c, axis, below);
  const double fraction =
      std::clamp((x - lower) / (lattice.Position(c, axis, below + 1) - lower), 0.0, 1.0);
  std::vector<AxisShare> shares;
  if (dipole.placement == DipolePlacement::Nearest) {
    shares.push_back({fraction < 0.5 ? below : below + 1, 1.0});
  } else {
    shares.push_back({below, 1 - fraction});
    shares.push_back({below + 1, fraction});
  }
  const bool on_halves = lattice.StaggerOf(c, axis) == Stagger::Centre;
  const int last = on_halves ? lattice.Cells(axis) - 1 : lattice.Points(axis) - 1;
  const bool mirrored =
      OnMirrorPlane(lattice, dipole, axis, 0) || OnMirrorPlane(lattice, dipole, axis, 1);
  for (AxisShare& s : shares) {
    if (lattice.Periodic(axis)) {
      const int image = (s.point + lattice.Cells(axis)) % lattice.Cells(axis);
      const int periods = (s.point - image) / lattice.Cells(axis);
      s = {image, s.share * std::polar(1.0, -periods * lattice.BlochPhase(axis))};
    } else {
      s.point = std::min(s.point, last);
    }
    s.share *= (mirrored ? 0.5 : 1.0) / lattice.Weight(c, axis, s.point);
  }
  return shares;
}

void Check(const Lattice& lattice, const Dipole& dipole) {
  if (!lattice.Has(dipole.component)) {
    base::Fail("dipole: a 2D lattice of this polarization has no {}",
               domain::NameOf(dipole.component));
  }
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    const double lo = lattice.Node(d, 0);
    const double hi = lattice.Node(d, lattice.Cells(d));
    if (!(dipole.position[d] >= lo && dipole.position[d] <= hi)) {
      base::Fail("dipole: position {:.6g} um along {} lies outside the grid, {:.6g} to {:.6g} um",
                 dipole.position[d], "xyz"[d], lo, hi);
    }
  }
}

}  // namespace

Current DipoleCurrent(const Lattice& lattice, double dt, const domain::IndexBox& held,
                      const Dipole& dipole) {
  Check(lattice, dipole);
  Current current;
  current.signals = std::make_shared<WaveformSignals>(dipole.waveform, dt);
  const auto x = SharesAlong(lattice, dipole, 0);
  const auto y = SharesAlong(lattice, dipole, 1);
  const auto z =
      lattice.TwoDimensional() ? std::vector<AxisShare>{{0, 1.0}} : SharesAlong(lattice, dipole, 2);
  for (const AxisShare& i : x) {
    for (const AxisShare& j : y) {
      for (const AxisShare& k : z) {
        if (!Holds(lattice, held, {i.point, j.point, k.point})) continue;
        AppendEntry(current, dipole.component, {i.point, j.point, k.point},
                    dipole.moment * i.share * j.share * k.share, lattice.HasBlochPhase());
      }
    }
  }
  return current;
}

}  // namespace symwave::solvers::fdtd
