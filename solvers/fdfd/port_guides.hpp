// The guides of ports as the frequency domain sees them, for solvers/yee/port_guide.hpp.
#pragma once

#include <vector>

#include "solvers/fdfd/port_mode.hpp"
#include "solvers/yee/port_guide.hpp"

namespace symwave::solvers::fdfd {

/// One guide per port mode at one frequency. Collective. UserError as SolvePorts.
std::vector<yee::PortGuide> PortGuides(MPI_Comm comm, const PlanePoints& points,
                                       const domain::PermittivityMap& media, double omega,
                                       const std::vector<domain::PlanePort>& ports,
                                       KnownLines& known);

}  // namespace symwave::solvers::fdfd
