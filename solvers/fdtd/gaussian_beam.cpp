#include "solvers/fdtd/gaussian_beam.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;
using Vector = std::array<double, 3>;
using ComplexVector = std::array<Complex, 3>;

const double kPi = std::acos(-1.0);
/// exp(-(k_perp waist / 2)^2) at the end of the spectrum.
constexpr double kSpectrumEnd = 1e-8;

template <class A, class B>
auto Dot(const A& a, const B& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

template <class A, class B>
ComplexVector Cross(const A& a, const B& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// The launch geometry and the medium of the lattice around it.
struct Launch {
  LaunchPlane plane;
  Vector direction;    ///< unit
  double wave_number;  ///< n w
  double omega_lattice;
  Vector cell;      ///< sizes next to the beam on the plane; 0 along z in 2D
  Vector centre;    ///< where the beam's axis meets the plane
  double distance;  ///< from there to the focus along the beam
};

double RadiusAtPlane(const GaussianBeam& beam, const Launch& launch) {
  const double rayleigh = 0.5 * launch.wave_number * beam.waist * beam.waist;
  return beam.waist * std::hypot(1.0, launch.distance / rayleigh);
}

Vector UnitDirection(const Lattice& lattice, const GaussianBeam& beam) {
  Vector t = beam.towards;
  if (lattice.TwoDimensional()) t[2] = 0;
  const double length = std::sqrt(Dot(t, t));
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

Launch PlanLaunch(const Lattice& lattice, double dt, const GaussianBeam& beam) {
  const int a = static_cast<int>(beam.axis);
  if (a == 2 && lattice.TwoDimensional()) {
    base::Fail("Gaussian beam: a 2D lattice has no waves along z; the axis must be x or y");
  }
  if (!(beam.eps > 0) || !std::isfinite(beam.eps)) {
    base::Fail("Gaussian beam: the permittivity is {}, but must be positive", beam.eps);
  }
  const double omega = beam.waveform.Omega();
  Launch launch;
  launch.direction = UnitDirection(lattice, beam);
  launch.wave_number = std::sqrt(beam.eps) * omega;
  launch.omega_lattice = 2 * std::sin(0.5 * omega * dt) / dt;
  const int node = NearestNode(lattice, a, beam.position);
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
  return launch;
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

/// The beam with a focus that lies within half a cell of a mirror plane across it moved onto it.
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

void CheckWidth(const Lattice& lattice, const GaussianBeam& beam, const Launch& launch) {
  for (int d = 0; d < (lattice.TwoDimensional() ? 2 : 3); ++d) {
    if (d == launch.plane.axis) continue;
    const double slant = launch.direction[launch.plane.axis];
    const double needed = 2.5 * RadiusAtPlane(beam, launch) / std::abs(slant);
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
          "Gaussian beam: on its plane the beam needs {:.4g} to {:.4g} um along {}, but the "
          "lattice inside the PML goes from {:.4g} to {:.4g} um; {}",
          launch.centre[d] - needed, launch.centre[d] + needed, "xyz"[d], lo, hi,
          IsMirrorPlane(lattice, d, side)
              ? fmt::format("its {} end is a mirror plane: put the focus on it, at {:.4g} um, and "
                            "let the beam run along it, or move the focus away from it",
                            side == 0 ? "low" : "high", WallPosition(lattice, d, side))
              : std::string("enlarge it or move the focus"));
    }
  }
}

void Check(const Lattice& lattice, const GaussianBeam& beam, const Launch& launch) {
  const double half_wavelength = kPi / launch.wave_number;
  if (!(beam.waist >= half_wavelength) || !std::isfinite(beam.waist)) {
    base::Fail(
        "Gaussian beam: the waist is {} um, but must be at least half a wavelength in the "
        "medium, {:.4g} um",
        beam.waist, half_wavelength);
  }
  CheckWidth(lattice, beam, launch);
  for (int d = 0; d < 3; ++d) {
    if (beam.electric[d] != 0.0 && !lattice.Has(static_cast<Component>(d))) {
      base::Fail(
          "Gaussian beam: this 2D lattice does not carry E{}; that part of the electric "
          "field must be zero",
          "xyz"[d]);
    }
  }
}

/// Samples of one transverse wave-vector component; their spacing keeps the images of the sampled
/// beam, 2 pi / spacing apart, off the plane.
std::vector<double> SampleAxis(const Lattice& lattice, const GaussianBeam& beam,
                               const Launch& launch, int axis) {
  if (launch.cell[axis] == 0) return {0.0};
  const double centre = launch.centre[axis];
  const double reach =
      std::max(lattice.Node(axis, launch.plane.last_node[axis]) - centre,
               centre - lattice.Node(axis, launch.plane.first_node[axis])) +
      5 * RadiusAtPlane(beam, launch) / std::abs(launch.direction[launch.plane.axis]);
  const double spacing = 2 * kPi / reach;
  const double half_range = 2 * std::sqrt(-std::log(kSpectrumEnd)) / beam.waist;
  const int half_count = static_cast<int>(std::ceil(half_range / spacing));
  std::vector<double> samples;
  for (int m = -half_count; m <= half_count; ++m) {
    samples.push_back(launch.wave_number * launch.direction[axis] + m * spacing);
  }
  return samples;
}

/// One plane wave of the lattice, and the share of the beam that its solid angle holds.
struct PlaneWaveOfBeam {
  Vector k;
  ComplexVector e;
  ComplexVector h;
  double share;
};

/// Completes a wave from its transverse k by the Yee dispersion relation; false where it does not
/// propagate along the beam.
bool Solve(const GaussianBeam& beam, const Launch& launch, PlaneWaveOfBeam& wave) {
  const int a = launch.plane.axis;
  Vector kappa;
  double square = beam.eps * launch.omega_lattice * launch.omega_lattice;
  for (int d = 0; d < 3; ++d) {
    const double h = launch.cell[d];
    if (d == a) continue;
    kappa[d] = h > 0 ? 2 * std::sin(0.5 * wave.k[d] * h) / h : 0;
    square -= kappa[d] * kappa[d];
  }
  const double sine = 0.5 * launch.cell[a] * std::sqrt(std::max(0.0, square));
  if (sine <= 0 || sine >= 1) return false;
  kappa[a] = launch.plane.inward * std::sqrt(square);
  wave.k[a] = launch.plane.inward * 2 * std::asin(sine) / launch.cell[a];
  const double along = Dot(wave.k, launch.direction);
  if (along <= 0) return false;
  const double across = Dot(wave.k, wave.k) - along * along;
  wave.share = std::exp(-0.25 * across * beam.waist * beam.waist) * along / std::abs(wave.k[a]);
  const Complex longitudinal = Dot(kappa, beam.electric) / Dot(kappa, kappa);
  for (int d = 0; d < 3; ++d) wave.e[d] = beam.electric[d] - kappa[d] * longitudinal;
  wave.h = Cross(kappa, wave.e);
  for (Complex& value : wave.h) value /= launch.omega_lattice;
  return true;
}

/// The transverse components on the part of the plane and of the half plane behind that `held`
/// reaches.
class BeamField {
 public:
  BeamField(const Lattice& lattice, const GaussianBeam& beam, const Launch& launch,
            const IndexBox& held)
      : axis_(launch.plane.axis),
        u_((axis_ + 1) % 3),
        v_((axis_ + 2) % 3),
        k_u_(SampleAxis(lattice, beam, launch, u_)),
        k_v_(SampleAxis(lattice, beam, launch, v_)),
        box_(domain::Intersect(held, lattice.AllPoints())) {
    for (int d = 0; d < 3; ++d) {
      if (!lattice.Periodic(d)) continue;  // points held as images may be any
      box_.lo[d] = 0;
      box_.hi[d] = lattice.Points(d);
    }
    box_.lo[axis_] = 0;
    box_.hi[axis_] = 1;
    SumWaves(lattice, beam, launch);
    for (int c = 0; c < 6; ++c) {
      if (c % 3 != axis_ && lattice.Has(static_cast<Component>(c))) Transform(lattice, c);
    }
  }

  Complex At(Component c, std::array<int, 3> point) const {
    return values_[static_cast<size_t>(c)][box_.Offset(
        point[0] * (axis_ != 0), point[1] * (axis_ != 1), point[2] * (axis_ != 2))];
  }

 private:
  /// Amplitudes of all plane waves on the plane (E) and on the half plane behind (H), u slowest.
  /// In the focus, where all are in phase, the part along `electric` adds up to `electric`.
  void SumWaves(const Lattice& lattice, const GaussianBeam& beam, const Launch& launch) {
    const double to_plane = lattice.Node(axis_, launch.plane.node) - beam.focus[axis_];
    const double to_half = lattice.Half(axis_, launch.plane.HalfBehind()) - beam.focus[axis_];
    for (auto& values : spectrum_) values.assign(k_u_.size() * k_v_.size(), 0);
    double strength = 0;
    for (const Complex& e : beam.electric) strength += std::norm(e);
    double sum = 0;
    for (size_t m = 0; m < spectrum_[0].size(); ++m) {
      PlaneWaveOfBeam wave;
      wave.k[u_] = k_u_[m / k_v_.size()];
      wave.k[v_] = k_v_[m % k_v_.size()];
      if (!Solve(beam, launch, wave)) continue;
      for (int d = 0; d < 3; ++d) {
        sum += wave.share * (std::conj(beam.electric[d]) * wave.e[d]).real() / strength;
      }
      const double across = wave.k[u_] * beam.focus[u_] + wave.k[v_] * beam.focus[v_];
      const Complex electric = std::polar(wave.share, wave.k[axis_] * to_plane - across);
      const Complex magnetic = std::polar(wave.share, wave.k[axis_] * to_half - across);
      for (int d = 0; d < 3; ++d) {
        spectrum_[d][m] = electric * wave.e[d];
        spectrum_[d + 3][m] = magnetic * wave.h[d];
      }
    }
    for (auto& values : spectrum_) {
      for (Complex& value : values) value /= sum;
    }
  }

  /// sum over k_u, k_v of spectrum exp(i k_u u + i k_v v), one axis after the other.
  void Transform(const Lattice& lattice, int c) {
    const auto component = static_cast<Component>(c);
    values_[c].assign(box_.Count(), 0);
    const Phases phases_u = PhasesAlong(lattice, component, u_, k_u_);
    const Phases phases_v = PhasesAlong(lattice, component, v_, k_v_);
    for (int iv = 0; iv < box_.Extent(v_); ++iv) {
      std::vector<Complex> line(k_u_.size(), 0);
      for (size_t m = 0; m < k_u_.size(); ++m) {
        const Complex* row = &spectrum_[c][m * k_v_.size()];
        for (size_t n = 0; n < k_v_.size(); ++n) line[m] += row[n] * phases_v[iv][n];
      }
      for (int iu = 0; iu < box_.Extent(u_); ++iu) {
        std::array<int, 3> point = box_.lo;
        point[u_] += iu;
        point[v_] += iv;
        Complex& value = values_[c][box_.Offset(point[0], point[1], point[2])];
        for (size_t m = 0; m < k_u_.size(); ++m) value += line[m] * phases_u[iu][m];
      }
    }
  }

  using Phases = std::vector<std::vector<Complex>>;  ///< [point of the box][sample]
  Phases PhasesAlong(const Lattice& lattice, Component c, int axis,
                     const std::vector<double>& k) const {
    Phases phases(box_.Extent(axis));
    for (int i = 0; i < box_.Extent(axis); ++i) {
      const double x = lattice.Position(c, axis, box_.lo[axis] + i);
      for (double value : k) phases[i].push_back(std::polar(1.0, value * x));
    }
    return phases;
  }

  int axis_;
  int u_;
  int v_;
  std::vector<double> k_u_;
  std::vector<double> k_v_;
  IndexBox box_;  ///< transverse points; one layer along the axis
  std::array<std::vector<Complex>, 6> spectrum_;
  std::array<std::vector<Complex>, 6> values_;
};

}  // namespace

Current GaussianBeamCurrent(const Lattice& lattice, double dt, const IndexBox& held,
                            const GaussianBeam& given) {
  const GaussianBeam beam = FocusOnMirrorPlanes(lattice, given);
  const Launch launch = PlanLaunch(lattice, dt, beam);
  Check(lattice, beam, launch);
  const BeamField field(lattice, beam, launch, held);
  const int a = launch.plane.axis;
  // Group delay over half a cell along the axis: d k_n / d w = eps w / k_n.
  const double advance = 0.5 * launch.cell[a] * std::sqrt(beam.eps) / std::abs(launch.direction[a]);
  return LaunchCurrent(
      lattice, dt, held, launch.plane,
      [&](Component c, const std::array<int, 3>& point) { return field.At(c, point); },
      beam.waveform, advance);
}

}  // namespace symwave::solvers::fdtd
