// An axis of cells that are small where the structure needs it.
#pragma once

#include <array>
#include <vector>

#include "domain/axis.hpp"

namespace symwave::domain {

/// Cells of at most `cell` um between two positions [um].
struct AxisRefinement {
  double begin = 0;
  double end = 0;
  double cell = 0.05;
};

struct GradedAxisOptions {
  double low = -1;  ///< ends of the axis inside its PMLs, um
  double high = 1;
  double cell = 0.05;  ///< largest cell, um
  std::vector<AxisRefinement> refinements;
  std::vector<double> nodes;  ///< positions that nodes must have (interfaces), within low..high
  double max_ratio = 1.2;     ///< of the widths of neighbouring cells
  std::array<int, 2> pml_cells{0, 0};  ///< more cells beyond low and high, as wide as the outermost
};

/// Node positions follow from counting cells, integral dx / h(x), h the largest width allowed at x
/// by the refinements and by max_ratio; between two fixed nodes the count is rounded up. Where the
/// options are mirror-symmetric about 0, node i and node N - i are opposite numbers to the last
/// bit; about another centre they are so to rounding. UserError for sizes that are not positive,
/// positions outside low..high, a max_ratio not above 1, and fixed nodes that no axis can reach
/// within max_ratio.
Axis GradedAxis(const GradedAxisOptions& options);

}  // namespace symwave::domain
