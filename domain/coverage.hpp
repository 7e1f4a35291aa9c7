// Exact area of a region inside each cell of a lattice, and the normal of its outline there.
#pragma once

#include <vector>

#include "domain/regions.hpp"

namespace symwave::domain {

/// Row-major over cells: index i * ny + j for cell [x[i], x[i+1]] x [y[j], y[j+1]].
struct Coverage {
  int nx = 0;
  int ny = 0;
  std::vector<double> fraction;  ///< covered part of the cell area, 0..1, exact for polygons
  std::vector<double> normal_x;  ///< length-weighted outward normal of the outline in the cell,
  std::vector<double> normal_y;  ///< normalised; both 0 where no outline crosses the cell
};

/// Cost: edges plus cells crossed. Only the given cells are computed, so each rank calls it for its
/// own columns. `x` and `y` are the cell borders, increasing.
Coverage CoverCells(const std::vector<Polygon>& contours, const std::vector<double>& x,
                    const std::vector<double>& y);

}  // namespace symwave::domain
