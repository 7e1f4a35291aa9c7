// Energy balance of a scattering solution.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdfd/stencil.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// Shares of the launched power for one input mode.
struct PowerBalance {
  double transmitted = 0;  ///< sum of |S|^2 to the other ports and modes
  double reflected = 0;    ///< |S|^2 back into the same mode
  double radiated = 0;     ///< Poynting flux out of the box inside the ports and the PML, without
                           ///< what the port modes carry
  double absorbed = 0;     ///< dissipated inside the box and in guides on the way to it
  /// |1 - transmitted - reflected - radiated - absorbed|: S-parameters against Poynting's theorem,
  /// the former weighted by the flux of their modes, which is 1 in lossless guides.
  double balance_error = 0;
};

/// Collective on `comm`. Flux through a face of coefficient c: Im(c conj(u_1) u_2) / (2 omega). The
/// box runs along the innermost port layer of each side (just inside) or the inner border of the
/// PML; what the port modes carry is subtracted from the field before the flux is taken. |S|^2 is
/// power in lossless guides only; in absorbing ones balance_error takes the flux of the modes.
/// One entry per column of the solutions.
std::vector<PowerBalance> BalancePower(MPI_Comm comm, const Stencil& stencil,
                                       ColumnRange my_columns, const PortFields& solved);

}  // namespace symwave::solvers::fdfd
