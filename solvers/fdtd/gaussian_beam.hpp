// One-way launch of a Gaussian beam from a lattice plane, over a band of frequencies.
//
// At every frequency the incident field is a sum of plane waves of the lattice (angular spectrum):
// kappa_a = 2 sin(k_a h_a / 2) / h_a and Omega = 2 sin(w dt / 2) / dt with kappa^2 = eps Omega^2, E
// transverse to kappa, H = kappa x E / Omega. Each of them solves the Yee equations, so that the
// beam is a Maxwell beam beyond the paraxial limit and nothing is radiated backwards. A pulse
// drives the plane by the few signals of a BandExpansion: direction, focus and waist are those of
// the deck at all wavelengths of the band.
#pragma once

#include <array>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
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
  /// Field in the focus, without phase at all frequencies. Each plane wave has it less the part
  /// along its direction.
  std::array<Complex, 3> electric{0, 0, 1};
  /// What the lattice holds at the plane; it is taken as lossless, and the focus as standing in it.
  domain::Medium medium;
  Waveform waveform = Waveform::Continuous(1);
  /// Lowest and highest angular frequency that are looked at; zeros: from where to where a pulse
  /// holds a fifth of its peak.
  std::array<double, 2> band{0, 0};
};

/// Largest part, in the root of the sum of squares over the plane, by which the field of a pulse
/// may be off at any frequency of the band.
constexpr double kBeamTolerance = 3e-4;

/// The time [um] by which signals on the plane precede the beam's waveform, which holds in the
/// focus: a pulse must be delayed by it. Not collective. UserError for a direction more than 60
/// degrees off the axis, for a waist that is below half a wavelength in the medium, for a beam that
/// is wider at the plane than the lattice (both at the lowest frequency of the band), for a pulse
/// that reaches down to zero frequency and for a band over which no reasonable number of signals
/// makes up the beam.
///
/// A wall without PML across the beam is a mirror plane. A beam along it whose focus lies on it
/// within half a cell (and is moved there) is launched by half, the other half being its image; the
/// plane must leave its polarization (E normal to PEC, E in PMC), UserError otherwise.
double GaussianBeamLead(const domain::Lattice& lattice, double dt, const GaussianBeam& beam);

/// The entries of the points in `held` (a box of points, periodic images included); the plane
/// covers the lattice inside its PMLs. Not collective. UserError as GaussianBeamLead.
Current GaussianBeamCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                            const GaussianBeam& beam);

/// Signals of two real functions of time that each driven point takes for the beam. Not collective.
/// UserError as GaussianBeamLead.
int GaussianBeamSignals(const domain::Lattice& lattice, double dt, const GaussianBeam& beam);

/// Power of the beam through its plane as flux monitors measure it, positive in the direction of
/// travel, its image behind a mirror plane included, over |transform of the waveform|^2; per um of
/// depth in 2D. Not collective. UserError as GaussianBeamLead.
double GaussianBeamPower(const domain::Lattice& lattice, double dt, const GaussianBeam& beam,
                         double omega);

/// Amplitude exp(-(k_perp waist / 2)^2), over that of the axis, of the plane waves of a beam along
/// its plane at the lowest frequency of the band: waves that the plane cannot launch follow beyond,
/// and make the focus wider than the waist.
double SpectrumAtHorizon(const domain::Lattice& lattice, double dt, const GaussianBeam& beam);

}  // namespace symwave::solvers::fdtd
