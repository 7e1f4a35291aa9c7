// Ports of a 2D device: the lattice modes of their cross-sections, launched by one layer of current
// and measured by the same bilinear overlap, so that S = S^T holds in the discrete system.
//
// A current sheet on the port's layer radiates the mode both ways; the half that leaves goes
// straight into the PML. With the mode at unit power the sheet and the measurement are one vector
// b:
//   b_j = -2 i q w_j s_j alpha_j phi_j,  q = sin(k h) / h,
//   A u = b launches amplitude 1,   amplitude of the mode in u on the layer = (i / 4 omega) b^T u,
//   S_ba = (i / 4 omega) b_b^T A^-1 b_a - delta_ba
//
// between the layers, which are centres of cells. Amplitudes belong to the ports' own planes, a way
// d further into the device (d < 0: behind): with r = exp(-i k d), k of the lattice, r b takes the
// place of b and r^2 that of 1 on the diagonal, and S stays symmetric.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "domain/permittivity.hpp"
#include "domain/port_guides.hpp"
#include "domain/ports.hpp"
#include "solvers/modes/cross_section.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

using domain::Complex;

/// One mode of one port on the lattice.
struct PortMode {
  std::string name;  ///< "in", or "in#1" for the mode of index 1
  domain::PortLine line;
  modes::Mode mode;
  /// alpha s w at the cells of the line, in order of the coordinate across.
  std::vector<Complex> weight;
  /// r b at the same cells.
  std::vector<Complex> source;
  double layer = 0;  ///< cell size along the port's normal
  Complex reference =
      1;             ///< r: amplitude on the layer of a mode launched with 1 at the port's plane
  domain::Point at;  ///< centre of the port as given, um
  double span = 0;   ///< its length as given, um

  /// What the launched light itself adds to (i / 4 omega) (r b)^T u.
  Complex Direct() const { return reference * reference; }

  /// Global number of the line's k-th cell.
  long Unknown(const domain::Grid& grid, size_t k) const;
};

/// Solutions for some of the port modes as inputs, one column each.
struct PortFields {
  const std::vector<PortMode>& ports;  ///< all
  Mat fields;
  const Eigen::MatrixXcd& s;  ///< S[out, in] of these inputs, all port modes x columns
  long first = 0;             ///< number of the port mode that the first column launches
};

/// What the modes of a port are those of. A mode is that of its guide alone: beyond the part of
/// the port's span that belongs to the guide at its centre (see PortGuides) the medium at the end
/// of that part goes on, for half its length beyond the span, as far as the PML or the wall, and
/// the mode's tail is launched and measured there, too.
struct PortSection {
  domain::PortLine line;
  modes::CrossSection section;
  domain::PortGuides guides;
  double layer = 0;  ///< cell size along the port's normal
  int count = 1;     ///< modes to be solved for
};

/// Not collective.
PortSection SectionOf(const domain::Grid& grid, const domain::Layout& layout, double omega,
                      const domain::Port& port);

/// The modes that a port names, of those of its section. Not collective. UserError when it has no
/// such guided mode.
std::vector<PortMode> ModesOfPort(const domain::Port& port, const PortSection& section,
                                  const std::vector<modes::Mode>& modes);

/// The modes that `ports` name, port by port. Collective on `comm`: the sections of ports r, r +
/// size ... are those of rank r; each that `known` lacks on all of these is solved once, on one
/// rank, so that the modes do not depend on the number of ranks to the last bit. All ranks get all
/// modes, 48 bytes per cell of a port's line. UserError on all ranks, that of the first port which
/// has one.
std::vector<PortMode> SolvePorts(MPI_Comm comm, const domain::Grid& grid,
                                 const domain::Layout& layout, double omega,
                                 const std::vector<domain::Port>& ports,
                                 modes::CrossSectionModes& known);

/// The same, without knowing any.
std::vector<PortMode> SolvePorts(MPI_Comm comm, const domain::Grid& grid,
                                 const domain::Layout& layout, double omega,
                                 const std::vector<domain::Port>& ports);

/// Not collective.
domain::PortGuides GuidesInWindow(const domain::Grid& grid, const domain::Layout& layout,
                                  const domain::Port& port);

/// All modes of a port's line, for tables.
std::vector<modes::Mode> SolvePortLine(const domain::Grid& grid, const domain::Layout& layout,
                                       double omega, const domain::PortLine& line, int count);

}  // namespace symwave::solvers::fdfd
