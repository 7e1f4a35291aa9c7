#include "jobs/grid_options.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
#include "jobs/options.hpp"

namespace symwave::jobs {

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

}  // namespace

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

}  // namespace symwave::jobs
