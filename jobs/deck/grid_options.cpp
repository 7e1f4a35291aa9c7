#include "jobs/deck/grid_options.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

namespace {

constexpr const char* kRemedy = "add `solver: time_domain`";

domain::Boundary BoundaryOf(const GridOptions& options, int axis) {
  const AxisEnding ending = options.EndingOf(axis);
  if (ending.sides[0] != ending.sides[1]) {
    base::Fail(
        "{}: grid.boundary: the frequency domain ends both sides of an axis in the same way; "
        "{}, or make them equal",
        options.where, kRemedy);
  }
  switch (ending.sides[0]) {
    case Ending::Pec:
      return domain::Boundary::Pec;
    case Ending::Pmc:
      return domain::Boundary::Pmc;
    case Ending::Periodic:
      base::Fail("{}: grid.boundary: periodic needs the time domain; {}, or choose pml, pec, pmc",
                 options.where, kRemedy);
    case Ending::Pml:
      break;
  }
  return domain::Boundary::Pml;
}

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

domain::GridOptions FrequencyDomainGrid(const GridOptions& options) {
  if (options.Dimensions() == 3) {
    base::Fail(
        "{}: grid.size has three entries, but the frequency domain is two-dimensional; {}, or give "
        "[x, y]",
        options.where, kRemedy);
  }
  if (options.Cell(0) != options.Cell(1) || !options.refine.empty()) {
    base::Fail(
        "{}: the frequency domain has square cells of one size; {}, or give one grid.cell "
        "without grid.refine",
        options.where, kRemedy);
  }
  for (int axis = 0; axis < 2; ++axis) {
    if (options.SymmetryOf(axis) == MirrorPlane::None) continue;
    base::Fail("{}: grid.symmetry needs the time domain; {}, or remove it", options.where, kRemedy);
  }
  domain::GridOptions grid;
  grid.polarization = options.polarization;
  grid.cell = options.Cell(0);
  grid.size = {options.size[0], options.size[1]};
  grid.pml = options.pml;
  grid.boundary = {BoundaryOf(options, 0), BoundaryOf(options, 1)};
  return grid;
}

domain::Port LinePort(const PortOptions& port) {
  if (port.at.size() != 2 || port.span.size() != 1 || port.axis == 2) {
    base::Fail("{}: port {} is one of three dimensions; in 2D write at: [x, y] and one span",
               port.where, port.name);
  }
  domain::Port line;
  line.name = port.name;
  line.at = {port.at[0], port.at[1]};
  line.faces = port.axis == 0 ? (port.forward ? domain::Facing::PlusX : domain::Facing::MinusX)
                              : (port.forward ? domain::Facing::PlusY : domain::Facing::MinusY);
  line.span = port.span[0];
  line.modes = port.modes;
  line.where = port.where;
  return line;
}

}  // namespace symwave::jobs::deck
