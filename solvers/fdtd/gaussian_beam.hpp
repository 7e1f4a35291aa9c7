// One-way launch of a Gaussian beam from a lattice plane.
//
// The incident field is a sum of plane waves of the lattice (angular spectrum): kappa_a = 2 sin(k_a
// h_a / 2) / h_a and Omega = 2 sin(w dt / 2) / dt with kappa^2 = eps Omega^2, E transverse to
// kappa, H = kappa x E / Omega. Every one of them solves the Yee equations, so that the beam is a
// Maxwell beam beyond the paraxial limit and nothing is radiated backwards at the centre frequency.
#pragma once

#include <array>

#include "domain/lattice.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

/// Amplitude spectrum exp(-|k_perp|^2 waist^2 / 4), k_perp across `towards`, so that |E| = exp(-r^2
/// / waist^2) in the focus of a weakly focused beam. In 2D the beam is uniform along z.
struct GaussianBeam {
  domain::AxisName axis = domain::AxisName::X;  ///< normal of the launch plane
  double position = 0;                          ///< um, snapped to the nearest node
  /// Direction of travel, any length; the sign of its component along `axis` is the launch side.
  std::array<double, 3> towards{1, 0, 0};
  std::array<double, 3> focus{0, 0, 0};  ///< um, in front of or behind the plane
  double waist = 1;                      ///< 1/e radius of the field in the focus [um]
  /// Field in the focus. Each plane wave has it less the part along its direction.
  std::array<Complex, 3> electric{0, 0, 1};
  double eps = 1;  ///< lossless background at the plane
  Waveform waveform = Waveform::Continuous(1);
};

/// The entries of the points in `held` (a box of points, periodic images included); the plane
/// covers the lattice inside its PMLs. The profile is that of the centre frequency. Not collective.
/// UserError for a waist that is not resolved or below half a wavelength in the medium, a direction
/// more than 60 degrees off the axis, and a beam that is wider at the plane than the lattice.
///
/// A wall without PML across the beam is a mirror plane. A beam along it whose focus lies on it
/// within half a cell (and is moved there) is launched by half, the other half being its image; the
/// plane must leave its polarization (E normal to PEC, E in PMC), UserError otherwise.
Current GaussianBeamCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                            const GaussianBeam& beam);

}  // namespace symwave::solvers::fdtd
