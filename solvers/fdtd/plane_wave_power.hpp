// What a plane wave carries on the lattice, as flux monitors measure it.
#pragma once

#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::solvers::fdtd {

/// Power per area across its axis of the wave of amplitude `electric` at one frequency, over
/// |waveform|^2. With h the cell along the axis where the wave enters, W = 2 sin(w dt / 2) / dt,
/// kappa_d = 2 sin(k_d h_d / 2) / h_d across and eps W^2 = S^2 + kappa^2, S = 2 sin(q h / 2) / h,
/// the tangential fields on a node, H as the mean of both sides, carry
///   s: 1/2 |E|^2 S cos(q h / 2) / W,   p: 1/2 |E|^2 eps W cos(q h / 2) / S,
/// which tend to 1/2 |E|^2 n cos(angle) and 1/2 |E|^2 n / cos(angle). 0 where it is evanescent.
double PowerPerArea(const domain::Lattice& lattice, const PlaneWave& wave, double dt, double omega);

}  // namespace symwave::solvers::fdtd
