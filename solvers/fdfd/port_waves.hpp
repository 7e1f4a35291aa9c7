// Which way the light of a port mode travels: S alone takes all that is on the layer of an undriven
// port for outgoing.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <vector>

#include "solvers/fdfd/port_mode.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// Collective on `comm`. Amplitudes of the modes that travel into the device, modes x columns, per
/// launched unit, at the ports' own planes: the identity when nothing comes back from behind the
/// ports. With the mode v that travels out of the device at unit amplitude, between two layers of
/// points a and b = a + 1 before a port, further into the device,
///   in = i / (4 omega h) sum alpha s w (u_a v_b - u_b v_a),
/// the lattice's own bilinear flux, which no other wave has a share in, and which is the same
/// between all layers, along a circle, too (to second order of the cells there).
Eigen::MatrixXcd IncomingAmplitudes(MPI_Comm comm, const PlanePoints& points, double omega,
                                    const PortFields& solved);

}  // namespace symwave::solvers::fdfd
