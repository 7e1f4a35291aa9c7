#include "solvers/fdtd/beam_launch.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::Lattice;
using Vector = std::array<double, 3>;

/// Radii of the beam that its plane must hold on either side at every frequency of the band: 1e-5
/// of the power lies outside.
constexpr double kRadiiNeeded = 2.2;
/// Share of a pulse's peak down to which the beam is made beyond the band.
constexpr double kFittedLevel = 0.2;
/// Share of the wave at -w in the transform at w, which no profile is made for.
constexpr double kMirrorShare = 1e-3;

Vector UnitDirection(const Lattice& lattice, const GaussianBeam& beam) {
  Vector t = beam.towards;
  if (lattice.TwoDimensional()) t[2] = 0;
  const double length = std::hypot(t[0], t[1], t[2]);
  const double along = std::abs(t[static_cast<int>(beam.axis)]);
  if (!(length > 0) || along < 0.5 * length) {
    base::Fail(
        "Gaussian beam: the direction ({}, {}, {}) lies more than 60 degrees off the {} "
        "axis; launch it from a plane normal to another axis",
        beam.towards[0], beam.towards[1], beam.towards[2], "xyz"[static_cast<int>(beam.axis)]);
  }
  for (double& x : t) x /= length;
  return t;
}

bool IsMirrorPlane(const Lattice& lattice, int axis, int side) {
  const domain::AxisEnd& end = lattice.End(axis, side);
  return end.wall != domain::Wall::Periodic && end.pml_cells == 0;
}

double WallPosition(const Lattice& lattice, int axis, int side) {
  return lattice.Node(axis, side == 0 ? 0 : lattice.Cells(axis));
}

/// Whether the beam is mirrored into itself by the wall, without PML, of one side across it. The
/// focus lies on such a wall exactly after FocusOnMirrorPlanes.
bool HasImageBehind(const Lattice& lattice, const GaussianBeam& beam, int axis, int side) {
  return IsMirrorPlane(lattice, axis, side) && beam.towards[axis] == 0 &&
         beam.focus[axis] == WallPosition(lattice, axis, side);
}

/// A beam on a mirror plane needs the polarization that the plane leaves: E along the normal on
/// PEC, across it on PMC.
void CheckMirror(const Lattice& lattice, const GaussianBeam& beam, int axis, int side) {
  const bool electric_wall = lattice.End(axis, side).wall == domain::Wall::Pec;
  for (int d = 0; d < 3; ++d) {
    if (beam.electric[d] == 0.0 || (d == axis) == electric_wall) continue;
    base::Fail(
        "Gaussian beam: its axis lies on the {} mirror plane at {} = {:.4g} um, which carries no "
        "E{}; {}",
        electric_wall ? "electric (PEC)" : "magnetic (PMC)", "xyz"[axis],
        WallPosition(lattice, axis, side), "xyz"[d],
        electric_wall ? "turn the electric field along the normal, or make the plane magnetic"
                      : "turn the electric field into the plane, or make the plane electric");
  }
}

/// At the lowest frequency of the band, where the beam spreads most.
void CheckWidth(const Lattice& lattice, double dt, const GaussianBeam& beam,
                const BeamLaunch& launch) {
  const double omega = launch.band[0];
  const double radius = RadiusAtPlane(beam, launch, omega * LatticeIndex(beam.medium, dt, omega));
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    if (d == launch.plane.axis) continue;
    const double needed = kRadiiNeeded * radius / std::abs(launch.direction[launch.plane.axis]);
    const double lo = lattice.Node(d, launch.plane.first_node[d]);
    const double hi = lattice.Node(d, launch.plane.last_node[d]);
    for (int side = 0; side < 2; ++side) {
      if (HasImageBehind(lattice, beam, d, side)) {
        CheckMirror(lattice, beam, d, side);
        continue;
      }
      const double room = side == 0 ? launch.centre[d] - lo : hi - launch.centre[d];
      if (room >= needed) continue;
      base::Fail(
          "Gaussian beam: on its plane the beam of {:.4g} um wavelength needs {:.4g} to {:.4g} um "
          "along {}, but the lattice inside the PML goes from {:.4g} to {:.4g} um; {}",
          2 * M_PI / omega, launch.centre[d] - needed, launch.centre[d] + needed, "xyz"[d], lo, hi,
          IsMirrorPlane(lattice, d, side)
              ? fmt::format("its {} end is a mirror plane: put the focus on it, at {:.4g} um, and "
                            "let the beam run along it, or move the focus away from it",
                            side == 0 ? "low" : "high", WallPosition(lattice, d, side))
              : std::string("enlarge it or move the focus"));
    }
  }
}

void CheckField(const Lattice& lattice, double dt, const GaussianBeam& beam,
                const BeamLaunch& launch) {
  const double omega = launch.band[0];
  const double half_wavelength = M_PI / (omega * LatticeIndex(beam.medium, dt, omega));
  if (!(beam.waist >= half_wavelength) || !std::isfinite(beam.waist)) {
    base::Fail(
        "Gaussian beam: the waist is {} um, but must be at least half of the longest wavelength in "
        "the medium, {:.4g} um",
        beam.waist, half_wavelength);
  }
  for (int d = 0; d < 3; ++d) {
    if (beam.electric[d] != 0.0 && !lattice.Has(static_cast<Component>(d))) {
      base::Fail(
          "Gaussian beam: this 2D lattice does not carry E{}; that part of the electric "
          "field must be zero",
          "xyz"[d]);
    }
  }
}

/// A pulse of deviation s holds exp(-2 w w0 / s^2) as much at -w as at w.
void CheckPulse(const GaussianBeam& beam, const BeamLaunch& launch) {
  if (beam.waveform.IsContinuous()) return;
  const double share = std::exp(-2 * launch.band[0] * beam.waveform.Omega() /
                                std::pow(beam.waveform.Deviation(), 2));
  if (share <= kMirrorShare) return;
  base::Fail(
      "Gaussian beam: its pulse is so short that it reaches down to zero frequency, where there is "
      "no beam; at {:.4g} um {:.2g} of the field would be wrong: give a smaller waveform.bandwidth "
      "or shorter wavelengths",
      2 * M_PI / launch.band[0], share);
}

void SetBand(const GaussianBeam& beam, BeamLaunch& launch) {
  const double carrier = beam.waveform.Omega();
  launch.fitted = launch.band = {carrier, carrier};
  if (beam.waveform.IsContinuous()) return;
  const double half = beam.waveform.Deviation() * std::sqrt(-2 * std::log(kFittedLevel));
  const std::array<double, 2> pulse{std::max(0.4 * carrier, carrier - half), carrier + half};
  launch.band = beam.band[1] > 0 ? beam.band : pulse;
  // Wider than what is looked at by half of it at most, for pulses far wider than the band.
  launch.fitted = {std::min(launch.band[0], std::max(pulse[0], 0.6 * launch.band[0])),
                   std::max(launch.band[1], std::min(pulse[1], 1.4 * launch.band[1]))};
}

}  // namespace

GaussianBeam FocusOnMirrorPlanes(const Lattice& lattice, GaussianBeam beam) {
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    if (d == static_cast<int>(beam.axis)) continue;
    for (int side = 0; side < 2; ++side) {
      if (!IsMirrorPlane(lattice, d, side)) continue;
      const double wall = WallPosition(lattice, d, side);
      const double cell = lattice.CellWidth(d, side == 0 ? 0 : lattice.Cells(d) - 1);
      if (std::abs(beam.focus[d] - wall) <= 0.5 * cell) beam.focus[d] = wall;
    }
  }
  return beam;
}

BeamLaunch PlanBeam(const Lattice& lattice, double dt, const GaussianBeam& beam) {
  const int a = static_cast<int>(beam.axis);
  if (a == 2 && lattice.TwoDimensional()) {
    base::Fail("Gaussian beam: a 2D lattice has no waves along z; the axis must be x or y");
  }
  BeamLaunch launch;
  launch.direction = UnitDirection(lattice, beam);
  SetBand(beam, launch);
  const int node = lattice.NearestNode(a, beam.position);
  launch.plane = WholePlane(lattice, a, node, launch.direction[a] > 0 ? +1 : -1);
  launch.distance = (beam.focus[a] - lattice.Node(a, node)) / launch.direction[a];
  for (int d = 0; d < 3; ++d) {
    launch.centre[d] = beam.focus[d] - launch.distance * launch.direction[d];
    if (d != a) {
      launch.plane.first_node[d] = lattice.End(d, 0).pml_cells;
      launch.plane.last_node[d] = lattice.Cells(d) - lattice.End(d, 1).pml_cells;
    }
    const bool beyond = launch.centre[d] >= lattice.Node(d, lattice.Cells(d));
    const int across =
        beyond ? lattice.Cells(d) - 1 : std::max(0, lattice.Along(d).CellAt(launch.centre[d]));
    const int cell = d == a ? launch.plane.HalfBehind() : across;
    launch.cell[d] = d == 2 && lattice.TwoDimensional() ? 0 : lattice.CellWidth(d, cell);
  }
  CheckPulse(beam, launch);
  CheckField(lattice, dt, beam, launch);
  CheckWidth(lattice, dt, beam, launch);
  return launch;
}

double RadiusAtPlane(const GaussianBeam& beam, const BeamLaunch& launch, double wave_number) {
  const double rayleigh = 0.5 * wave_number * beam.waist * beam.waist;
  return beam.waist * std::hypot(1.0, launch.distance / rayleigh);
}

}  // namespace symwave::solvers::fdtd
