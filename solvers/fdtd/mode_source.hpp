// One-way launch of a guided mode of the lattice.
//
// The mode e(u, v) exp(i beta x) on nodes and h(u, v) exp(i beta x) on halves along the guide is
// launched by J = -n x H_inc / s on node plane i0 and K = n x E_inc / w half a cell (width w)
// behind:
//   E_inc = e,   H_inc = +-h exp(-i beta w / 2)   (+: along the axis; -: against it, where the mode
// is (e, -h)), with the envelope of H early by n_g w / 2. The mode's phase is zero on node plane
// i0.
#pragma once

#include <complex>

#include "domain/lattice.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/fdtd/waveform.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdtd {

struct ModeSource {
  LaunchPlane plane;  ///< inward: direction of travel
  /// Transverse components of the mode that travels along +axis, at unit amplitude, on a node plane
  /// (E) and on a half plane (H), without exp(i beta x). Called for points of the plane (E) and of
  /// the half plane behind it (H).
  IncidentField mode;
  Complex wave_number = 0;  ///< beta of the lattice at the waveform's centre frequency [1/um]
  double group_index = 0;   ///< d beta / d w; 0: taken as beta / w
  Complex amplitude = 1;
  Waveform waveform = Waveform::Continuous(1);
};

/// The source of a lattice mode, which must have been solved at the waveform's centre frequency for
/// the engine's time step. `mode` must outlive the calls of ModeCurrent.
ModeSource LaunchOf(const modes::WaveguideMode& mode, int direction, const Waveform& waveform,
                    Complex amplitude = 1);

/// The entries of the points in `held` (a box of points, periodic images included). The amplitude
/// of the mode in the transform at the centre frequency is amplitude * waveform.Spectrum. Not
/// collective. UserError when the plane leaves the lattice.
Current ModeCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                    const ModeSource& source);

}  // namespace symwave::solvers::fdtd
