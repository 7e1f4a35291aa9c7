// Full-vector modes of a guide's cross-section on the Yee lattice of the time domain, so that a
// mode port launches exactly what the discrete guide carries. In 2D the same calls give the modes
// of the one transverse line.
//
// Normal axis n and transverse axes u < v; e_n, e_u, e_v are the components along them, n the
// direction of propagation. With fields ~ exp(i beta x_n) the differences along n become i kappa,
// kappa = 2 sin(beta h / 2) / h, and Maxwell's equations on the lattice give, for the transverse e,
//
//   kappa^2 e = W^2 eps e - curl* curl e + grad eps_n^-1 div (eps e)
//
// with the lattice's own transverse differences (cf. Zhu and Brown, Opt. Express 10, 853 (2002)).
// eps is 1/(1/eps), whose off-diagonal elements in the plane are the couplings of the media.
// W = omega, or 2 sin(omega dt / 2) / dt for a leapfrog of step dt.
//
// A guide along a circle of radius R is a straight one whose way per way at R is s = rho / R: with
// the coordinate R phi along it, eps and mu become s (across) and 1/s (along) times as large, and
// e_n, h_n s times (Heiblum and Harris, IEEE J. Quantum Electron. 11, 75 (1975), for scalar
// fields). Its modes radiate beyond the radius R n_eff / n_cladding: a plane that reaches there has
// none that is guided.
#pragma once

#include <mpi.h>

#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "domain/frequency_media.hpp"
#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "domain/plane_port.hpp"

namespace symwave::solvers::modes {

using Complex = std::complex<double>;

/// The guide of a plane runs along a circle, whose centre lies in the plane.
struct GuideCurve {
  int axis = -1;      ///< across, along which the centre lies; -1: a straight guide
  double centre = 0;  ///< of the circle, on that axis [um]
  double radius = 0;  ///< at which beta counts the way [um]
  double along = 0;   ///< of the centre, on the normal of the plane [um]

  bool Straight() const { return axis < 0; }
  /// Way along the guide at a coordinate on the axis, per way at `radius`.
  double WayAt(double position) const { return std::abs(position - centre) / radius; }
  /// "-y": the edge of a plane that lies away from the centre.
  std::string OuterEdge(const domain::IndexBox& box, const domain::Lattice& lattice) const {
    return {centre > lattice.Node(axis, box.lo[axis]) ? '-' : '+', "xyz"[axis]};
  }
};

/// That of a port's guide.
GuideCurve CurveOf(const domain::PlanePort& port);

struct WaveguidePlane {
  int axis = 0;  ///< normal, 0..2; 0..1 in 2D
  int node = 0;  ///< node plane on that axis
  /// Points of the plane; node .. node + 1 along the axis. A transverse edge of the box that is an
  /// end of the lattice keeps the wall of the lattice, an axis that is periodic and held whole
  /// stays periodic; every other edge becomes a perfect electric wall on the outermost nodes.
  domain::IndexBox box;
  /// Where across the plane the media are those of the lattice: outside of it the nearest value
  /// goes on, so that a guide is solved without its neighbours. Empty: everywhere.
  domain::IndexBox media{};
  GuideCurve curve{};
};

/// The axes of a plane: transverse u < v, and orientation = n . (u x v), which is -1 for axis 1.
struct PlaneAxes {
  int n = 0, u = 1, v = 2;
  int orientation = 1;
};
PlaneAxes AxesOfPlane(int axis);

/// One mode, travelling towards larger indices; exp(-i w t). Fields are arrays over plane.box
/// (IndexBox::Offset), zero where the lattice or the box has no such point, and stated **at the
/// node plane**: e_u, e_v and h_n live there; h_u, h_v and e_n live half a cell ahead, at index
/// `node`, where their values are those given times HalfCellPhase(), and half a cell behind, at
/// index node - 1, where they are those given divided by it. The mode that travels the other way is
/// (e_u, e_v, -e_n, -h_u, -h_v, h_n) with -beta.
///
/// Normalised to unit power through the lattice, bilinear (no conjugate), h averaged from both half
/// planes:   1/2 cos(beta h / 2) sum orientation (e_u h_v - e_v h_u) dA = 1
/// with dA the product of Lattice::Weight. This is the flux that the lattice conserves, so that
/// S-parameters between different guides are reciprocal to rounding. Propagating modes of lossless
/// guides have real e_u, e_v, h_u, h_v and imaginary e_n, h_n up to rounding; SignOfProfile() is
/// that of the transverse e.
///
/// Of a curved guide beta and n_eff count the way at the radius of the curve; h_u and h_v are given
/// times cos(beta h / 2 s) / cos(beta h / 2), so that the power is stated in the same way.
struct WaveguideMode {
  WaveguidePlane plane;
  double cell = 0;      ///< h [um], cell size along the axis
  Complex beta;         ///< 1/um, of the lattice: fields ~ exp(i beta h) from node to node
  Complex n_eff;        ///< beta / omega
  bool guided = false;  ///< evanescent in what lies at every open edge of the box
  /// The highest effective index of waves in the media at the open edges, above which a mode is
  /// guided, and the edge that has it, such as "-z"; 0 and empty between walls.
  double edge_index = 0;
  std::string edge;
  /// d(beta)/d(omega) of this lattice and these media, from the fields (Hellmann and Feynman):
  /// 1/4 sum [d(W eps)/dw (e_u^2 + e_v^2 - e_n^2) + dW/dw (h_u^2 + h_v^2 - h_n^2)] dA at unit
  /// power.
  double group_index = 0;
  double te_fraction = 0;     ///< |e_u|^2 / (|e_u|^2 + |e_v|^2), integrated
  double effective_area = 0;  ///< (int |e|^2)^2 / int |e|^4 over the box [um^2]; [um] in 2D
  std::vector<Complex> e_u, e_v, e_n;
  std::vector<Complex> h_u, h_v, h_n;

  /// exp(i beta h / 2).
  Complex HalfCellPhase() const { return std::exp(Complex(0, 0.5 * cell) * beta); }
  /// The field of a component of the lattice, of the six above.
  const std::vector<Complex>& Field(domain::Component component) const;
};

/// The `count` modes of largest kappa^2, guided or not, largest first; fewer when the plane has
/// fewer. Collective on `comm`; every rank gets all values of the whole plane, the same to the last
/// bit. `omega` 1/um. `dt` > 0 [um]: modes of the leapfrog, with poles and conductivity as it
/// steps them; 0: of the frequency domain. eps is taken at omega and sampled at index `node` for
/// all three components: the guide is uniform along the axis. A stretch by PML is not taken into
/// account. Degenerate modes are separated by their share of e_u, the largest first.
///
/// UserError for a plane outside the lattice, unequal cells on both sides of it, an axis or box
/// that has no transverse extent, a Bloch phase across the plane, omega or count that are not
/// positive, and omega dt beyond what a leapfrog resolves.
std::vector<WaveguideMode> SolveWaveguide(MPI_Comm comm, const domain::Lattice& lattice,
                                          const domain::MediumMap& media,
                                          const WaveguidePlane& plane, double omega, double dt,
                                          int count);

/// The same in frequency domain, of media without dispersion at that frequency (to which
/// group_index applies).
std::vector<WaveguideMode> SolveWaveguide(MPI_Comm comm, const domain::Lattice& lattice,
                                          const domain::PermittivityMap& media,
                                          const WaveguidePlane& plane, double omega, int count);

/// Largest real part of eps among the components at each point of the plane's box (u fastest).
/// Collective; the same on every rank.
std::vector<double> PlanePermittivity(MPI_Comm comm, const domain::Lattice& lattice,
                                      const domain::MediumMap& media, const WaveguidePlane& plane,
                                      double omega);

}  // namespace symwave::solvers::modes
