// What a plane wave carries on the lattice, as flux monitors measure it.
#pragma once

#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::solvers::fdtd {

/// Power per area across its axis of the wave of amplitude `electric` at one frequency, over
/// |waveform|^2. With h the cell along the axis where the wave enters and W, K = 2 sin(q h / 2) / h
/// of lattice_wave.hpp, the tangential fields on a node, H as the mean of both sides, carry
///   1/2 |E|^2 K cos(q h / 2) / W
/// in both polarizations, which tends to 1/2 |E|^2 n cos(angle). 0 where it is evanescent.
double PowerPerArea(const domain::Lattice& lattice, const PlaneWave& wave, double dt, double omega);

}  // namespace symwave::solvers::fdtd
