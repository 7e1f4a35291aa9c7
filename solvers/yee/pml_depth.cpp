#include "solvers/yee/pml_depth.hpp"

#include <algorithm>

namespace symwave::solvers::yee {

PmlDepth DepthInPml(const domain::Lattice& lattice, int axis, double position) {
  const int cells = lattice.Cells(axis);
  const int low = lattice.End(axis, 0).pml_cells;
  const int high = lattice.End(axis, 1).pml_cells;
  const double from_low = lattice.Node(axis, low) - position;
  const double from_high = position - lattice.Node(axis, cells - high);
  if (low > 0 && from_low > 0) {
    const double thickness = lattice.Node(axis, low) - lattice.Node(axis, 0);
    return {std::min(1.0, from_low / thickness), thickness};
  }
  if (high > 0 && from_high > 0) {
    const double thickness = lattice.Node(axis, cells) - lattice.Node(axis, cells - high);
    return {std::min(1.0, from_high / thickness), thickness};
  }
  return {};
}

}  // namespace symwave::solvers::yee
