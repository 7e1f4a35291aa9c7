#include "domain/uniform_lattice.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

constexpr double kMostCells = 2.0e9;  // of an axis: numbers of 32 bits

constexpr double kCellRounding = 1e-6;  // of a cell

/// Cells over at least `size` about zero, one of their faces at `at`. Where that makes the axis
/// symmetric about zero, face i and face count-i are opposite numbers to the last bit.
Axis AxisThrough(double at, double cell, double size, int pml_cells) {
  const double below = std::ceil((at + 0.5 * size) / cell - kCellRounding);
  const double above = std::ceil((0.5 * size - at) / cell - kCellRounding);
  const int count = static_cast<int>(below + above) + 2 * pml_cells;
  const double low = at - below * cell;
  const double centre = low + 0.5 * (below + above) * cell;
  if (std::abs(centre) < kCellRounding * cell) return Axis::Uniform(cell, count);
  std::vector<double> faces;
  for (int i = 0; i <= count; ++i) faces.push_back(low + (i - pml_cells) * cell);
  return Axis(std::move(faces));
}

int PmlCells(const UniformLatticeOptions& options, int axis) {
  if (options.boundary[axis] != Boundary::Pml) return 0;
  return static_cast<int>(std::max(1.0, std::round(options.pml / options.cell)));
}

Axis CellsOf(const UniformLatticeOptions& options, int axis) {
  const double cells = std::ceil(options.size[axis] / options.cell - kCellRounding);
  const double count = cells + 2.0 * PmlCells(options, axis);
  if (!(count >= 1) || count > kMostCells) {
    base::Fail(
        "grid.size {} um with grid.cell {} um makes {} cells along {}; allowed are 1 to {:.0e}",
        options.size[axis], options.cell, count, "xy"[axis], kMostCells);
  }
  if (options.face[axis]) {
    return AxisThrough(*options.face[axis], options.cell, options.size[axis],
                       PmlCells(options, axis));
  }
  return Axis::Uniform(options.cell, static_cast<int>(count));
}

/// The axis whose nodes are the cell centres of `axis` and, at the ends, one cell further.
Axis NodesAtCentres(const Axis& axis) {
  std::vector<double> nodes{axis.Centre(0) - axis.Width(0)};
  for (int i = 0; i < axis.Cells(); ++i) nodes.push_back(axis.Centre(i));
  nodes.push_back(axis.Centre(axis.Cells() - 1) + axis.Width(axis.Cells() - 1));
  return Axis(std::move(nodes));
}

}  // namespace

Lattice UniformLattice(const UniformLatticeOptions& options) {
  const bool ez = options.polarization == Polarization::Ez;
  std::array<Axis, 2> axes{CellsOf(options, 0), CellsOf(options, 1)};
  std::array<std::array<AxisEnd, 2>, 2> ends;
  for (int axis = 0; axis < 2; ++axis) {
    const bool pml = options.boundary[axis] == Boundary::Pml;
    const Wall wall = options.boundary[axis] == Boundary::Pmc ? Wall::Pmc : Wall::Pec;
    if (pml && ez) axes[axis] = NodesAtCentres(axes[axis]);
    // Behind a PML the component out of the plane is zero.
    ends[axis].fill({pml && !ez ? Wall::Pmc : wall, PmlCells(options, axis)});
  }
  return Lattice(ez ? FieldSet::Ez : FieldSet::Hz, std::move(axes), ends);
}

}  // namespace symwave::domain
