// Ports as symmetric pairs of launch and measurement: one sheet of currents on the points of E of a
// node plane, which radiates a mode both ways, and the same sheet as weights of what is measured.
//
// With the mode (e, h) of modes/waveguide.hpp, of unit power, and the lattice's equation A E = b,
//   b_u = -2 i w s cos(beta h / 2) h_v dA,   b_v = +2 i w s cos(beta h / 2) h_u dA,   s = n . (u x
//   v),
// launches amplitude 1, (i / 4 w) b^T E is the amplitude of the mode in E on the plane, and
//   S_ba = (i / 4 w) b_b^T E_a - delta_ba,
// as solvers/fdfd/port_mode.hpp has it for one component; b gains exp(-i beta d) where the port's
// own plane lies d further into the device, and S stays symmetric.
#pragma once

#include <vector>

#include "domain/lattice.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdtd {

/// One mode of one port.
struct PortSheet {
  struct Point {
    ElementPoint where;
    Complex b;
  };
  std::vector<Point> points;
  Complex direct = 1;  ///< what the launched light itself adds to (i / 4 w) b^T E
};

/// The modes that the ports name, port by port, at the frequency of the optics. Amplitudes are
/// those of E, but of H for the polarization Hz, whose profiles are then positive in their first
/// lobe. Ports of `Ez` are those of fdfd::SolvePorts. Collective; UserError as SolveSpectra,
/// SolvePorts.
std::vector<PortSheet> SolveSheets(const FixedOptics& optics);

}  // namespace symwave::solvers::fdtd
