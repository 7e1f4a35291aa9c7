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
// between the layers, on which the points of u lie. Amplitudes belong to the ports' own planes, a
// way d further into the device (d < 0: behind): with r = exp(-i k d), k of the lattice, r b takes
// the place of b and r^2 that of 1 on the diagonal, and S stays symmetric. Where the guide runs
// along a circle, k is k / s at every point (LineMode::way): the mode is symmetric about the plane
// through the centre of the circle, to second order in the cell size on the lattice, too.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <string>
#include <vector>

#include "domain/frequency_media.hpp"
#include "domain/plane_port.hpp"
#include "domain/port_guides.hpp"
#include "solvers/fdfd/line_mode.hpp"
#include "solvers/fdfd/plane_points.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// The points nearest to the port's plane, of two the ones on its forward side, so that mirrored
/// ports sit on mirrored points; an end of the span beyond a wall moves to the wall. UserError when
/// the port lies outside the grid, beside or inside the PML, has none behind it, faces along an
/// axis that differs on both sides of it, or is shorter than 4 points.
PortLine LocateLine(const PlanePoints& points, const domain::PlanePort& port);

/// One mode of one port on the lattice.
struct PortMode {
  std::string name;  ///< "in", or "in#1" for the mode of index 1
  PortLine line;
  LineMode mode;
  /// alpha s w at the points of the line, in order of the coordinate across: unit power is
  /// sum alpha s w q u^2 / (2 omega) = 1.
  std::vector<Complex> weight;
  /// r b at the same points.
  std::vector<Complex> source;
  double layer = 0;       ///< cell size along the port's normal
  Complex reference = 1;  ///< r: on the layer, of a mode launched with 1 at the port's plane
  Complex direct = 1;     ///< what the launched light itself adds to (i / 4 omega) (r b)^T u, r^2
  std::array<double, 2> at{0, 0};  ///< centre of the port as given, um
  double span = 0;                 ///< its length as given, um

  /// Of the launched light, at a point of the layer `layers` further into the device.
  Complex Phase(int layers, size_t point) const {
    return mode.Phase(layers * layer - line.offset, point);
  }

  /// Global number of the line's k-th point, on the layer `layers` further into the device.
  long Unknown(const PlanePoints& points, size_t k, int layers = 0) const;
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
/// the mode's tail is launched and measured there, too. Not of guides along a circle: their spans
/// are taken as they are.
struct PortSection {
  LineSection section;
  domain::PortGuides guides;
};

/// Not collective.
PortSection SectionOf(const PlanePoints& points, const domain::PermittivityMap& media, double omega,
                      const domain::PlanePort& port);

/// The modes that a port names, of those of its section. Not collective. UserError when it has no
/// such guided mode.
std::vector<PortMode> ModesOfPort(const domain::PlanePort& port, const PortSection& section,
                                  const std::vector<LineMode>& modes);

/// The modes that `ports` name, port by port. Collective on `comm`: the sections of ports r, r +
/// size ... are those of rank r; each that `known` lacks on all of these is solved once, on one
/// rank, so that the modes do not depend on the number of ranks to the last bit. All ranks get all
/// modes, 48 bytes per point of a port's line. UserError on all ranks, that of the first port which
/// has one.
std::vector<PortMode> SolvePorts(MPI_Comm comm, const PlanePoints& points,
                                 const domain::PermittivityMap& media, double omega,
                                 const std::vector<domain::PlanePort>& ports, KnownLines& known);

/// The same, without knowing any.
std::vector<PortMode> SolvePorts(MPI_Comm comm, const PlanePoints& points,
                                 const domain::PermittivityMap& media, double omega,
                                 const std::vector<domain::PlanePort>& ports);

/// Not collective.
domain::PortGuides GuidesInWindow(const PlanePoints& points, const domain::PermittivityMap& media,
                                  const domain::PlanePort& port);

/// All modes of a port's line, for tables.
std::vector<LineMode> SolvePortLine(const PlanePoints& points, const domain::PermittivityMap& media,
                                    double omega, const PortLine& line, int count);

}  // namespace symwave::solvers::fdfd
