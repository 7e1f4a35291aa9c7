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
/// ports. From the overlaps c_0 on the layer of a port and c_2 two layers further into the device,
///   c_0 = r in + out / r = r delta + s / r,   c_2 = p r in + out / (p r),   p = exp(2 i k h),
/// r = PortMode::reference being the way from the port's plane to the layer.
Eigen::MatrixXcd IncomingAmplitudes(MPI_Comm comm, const PlanePoints& points,
                                    const PortFields& solved);

}  // namespace symwave::solvers::fdfd
