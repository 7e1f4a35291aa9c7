// The two steps of SolveWaveguide: the operator of a plane, and its modes.
#pragma once

#include <vector>

#include "solvers/modes/plane_medium.hpp"
#include "solvers/modes/waveguide.hpp"
#include "solvers/modes/waveguide_operator.hpp"

namespace symwave::solvers::modes {

/// What SolveWaveguide asks of a plane, see there.
struct ModeRequest {
  WaveguidePlane plane;
  double omega = 0;
  double dt = 0;
  int count = 1;
};

/// Collective on `comm`; UserError as SolveWaveguide.
PlaneOperator OperatorOf(MPI_Comm comm, const domain::Lattice& lattice, const ModeMedia& media,
                         const ModeRequest& request);

/// Collective on `comm`, see SolveWaveguide.
std::vector<WaveguideMode> ModesOf(MPI_Comm comm, const domain::Lattice& lattice,
                                   const PlaneOperator& op, const ModeRequest& request);

}  // namespace symwave::solvers::modes
