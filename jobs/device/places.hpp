// Boxes and points of sources and monitors on the lattice.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "jobs/device/time_domain_problem.hpp"

namespace symwave::jobs::device {

/// The box of a monitor [um]; of one that reaches over a mirror plane, the computed part.
struct Extent {
  std::array<double, 3> centre{0, 0, 0};
  std::array<double, 3> size{0, 0, 0};
  double mirror_copies =
      1;                ///< parts of equal power that the mirror planes cut it into: 1, 2, 4 or 8
  bool centred = true;  ///< on every mirror plane that cuts it
};

/// UserError for a box on the side of a mirror plane that is not computed.
Extent ExtentOf(const deck::SimulateOptions& options, const std::vector<double>& centre,
                const std::vector<double>& size);

/// The same where power is measured: UserError unless the box is centred on the planes that cut it.
Extent PowerExtentOf(const deck::SimulateOptions& options, const std::vector<double>& centre,
                     const std::vector<double>& size);

/// Nodes from one end to the other, at least one. UserError where it leaves the grid or enters a
/// PML.
domain::IndexBox NodesOf(const domain::Lattice& lattice, const Extent& extent);

/// UserError for a point beyond the grid without its PML; `what` names it.
void RequireInside(const domain::Lattice& lattice, const std::vector<double>& position,
                   const std::string& what);

/// The point of a component nearest to a position [um].
std::array<int, 3> NearestPoint(const domain::Lattice& lattice, domain::Component component,
                                const std::vector<double>& position);

}  // namespace symwave::jobs::device
