#include "jobs/deck/grid_options.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

namespace {

constexpr double kMostAlong = 1e7;     // cells of an axis
constexpr double kMostUnknowns = 2e9;  // of the frequency domain: PetscInt has 32 bits
constexpr double kMostInTimeDomain = 1e12;

/// Cells along an axis, about, and the key that makes most of them.
struct CellCount {
  double cells = 0;
  std::string key;
};
CellCount CountAlong(const GridOptions& grid, double size, int axis) {
  const double cell = grid.Cell(axis);
  double layers = 0;
  for (const Ending end : grid.EndingOf(axis).sides) {
    if (end == Ending::Pml) layers += grid.pml;
  }
  CellCount count{(size + layers) / cell, layers > size
                                              ? fmt::format("grid.pml = {:.6g} um", grid.pml)
                                              : fmt::format("grid.size = {:.6g} um", size)};
  count.key += fmt::format(" with grid.cell = {:.6g} um", cell);
  for (const Refinement& part : grid.refine) {
    if (part.axis != axis) continue;
    const double more = (part.to - part.from) / part.cell;
    if (more > count.cells) {
      count.key = fmt::format("grid.refine with cell = {:.6g} um", part.cell);
    }
    count.cells += more;
  }
  return count;
}

}  // namespace

void RequireCellCount(const GridOptions& grid, const std::vector<double>& size, bool time_domain) {
  constexpr const char* kCellRemedy =
      "take larger cells or a smaller grid; lengths without a unit are in um";
  double all = 1;
  std::string counts, key;
  double most = 0;
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    const CellCount along = CountAlong(grid, size[axis], axis);
    if (!(along.cells <= kMostAlong)) {
      base::Fail("{}: {} makes {:.3g} cells along {}, but at most {:.0e} are possible: {}",
                 grid.where, along.key, along.cells, "xyz"[axis], kMostAlong, kCellRemedy);
    }
    all *= along.cells;
    counts += fmt::format("{}{:.0f}", axis == 0 ? "" : " x ", along.cells);
    if (along.cells > most) key = along.key;
    most = std::max(most, along.cells);
  }
  const double limit = time_domain ? kMostInTimeDomain : kMostUnknowns;
  if (all <= limit) return;
  base::Fail("{}: the grid has {} cells; at most {:.0e} are possible, and {} makes {:.3g}: {}",
             grid.where, counts, limit, key, all, kCellRemedy);
}

double GridOptions::SmallestCell() const {
  double smallest = *std::min_element(cell.begin(), cell.end());
  for (const Refinement& part : refine) smallest = std::min(smallest, part.cell);
  return smallest;
}

bool GridOptions::HasBloch() const {
  return std::any_of(bloch.begin(), bloch.end(), [](double k) { return k != 0; });
}

}  // namespace symwave::jobs::deck
