#include "jobs/device/device_lattice.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "domain/base/error.hpp"
#include "domain/graded_axis.hpp"
#include "domain/uniform_lattice.hpp"
#include "jobs/deck/at_place.hpp"
#include "jobs/device/lattice_placement.hpp"
#include "jobs/device/structure.hpp"

namespace symwave::jobs::device {

namespace {

using domain::AxisEnd;

/// Cells of the PML at one side: the wanted thickness in cells of that side's width.
int PmlCells(const deck::GridOptions& grid, int axis, int side, double outermost) {
  if (side == 0 && grid.SymmetryOf(axis) != deck::MirrorPlane::None) return 0;
  if (grid.EndingOf(axis).sides[side] != deck::Ending::Pml) return 0;
  return std::max(1, static_cast<int>(std::lround(grid.pml / outermost)));
}

domain::Axis MakeAxis(const deck::GridOptions& grid, int axis, const AxisPlacement& placement,
                      std::array<AxisEnd, 2>& ends) {
  domain::GradedAxisOptions graded = AxisOptions(grid, axis);
  graded.nodes = placement.nodes;
  if (placement.node) {
    const auto moved = MovedEnds(graded.low, graded.high, *placement.node, graded.cell);
    graded.low = moved[0];
    graded.high = moved[1];
  }
  const domain::Axis inside = domain::GradedAxis(graded);
  const std::array<double, 2> outermost{inside.Width(0), inside.Width(inside.Cells() - 1)};
  for (int side = 0; side < 2; ++side) {
    graded.pml_cells[side] = ends[side].pml_cells = PmlCells(grid, axis, side, outermost[side]);
    switch (grid.EndingOf(axis).sides[side]) {
      case deck::Ending::Pml:
      case deck::Ending::Pec:
        ends[side].wall = domain::Wall::Pec;
        break;
      case deck::Ending::Pmc:
        ends[side].wall = domain::Wall::Pmc;
        break;
      case deck::Ending::Periodic:
        ends[side].wall = domain::Wall::Periodic;
        break;
    }
  }
  const deck::MirrorPlane mirror = grid.SymmetryOf(axis);
  if (mirror != deck::MirrorPlane::None) {
    ends[0].wall = mirror == deck::MirrorPlane::Pec ? domain::Wall::Pec : domain::Wall::Pmc;
  }
  return domain::GradedAxis(graded);
}

domain::Boundary BoundaryOf(const deck::GridOptions& grid, int axis) {
  switch (grid.EndingOf(axis).sides[0]) {
    case deck::Ending::Pec:
      return domain::Boundary::Pec;
    case deck::Ending::Pmc:
      return domain::Boundary::Pmc;
    default:
      return domain::Boundary::Pml;
  }
}

domain::Lattice Uniform(const deck::DeviceOptions& options, const std::vector<double>& size,
                        const std::array<AxisPlacement, 3>& placement) {
  domain::UniformLatticeOptions uniform;
  uniform.polarization = options.grid.polarization;
  uniform.cell = options.grid.Cell(0);
  uniform.size = {size[0], size[1]};
  uniform.pml = options.grid.pml;
  for (int axis = 0; axis < 2; ++axis) {
    uniform.boundary[axis] = BoundaryOf(options.grid, axis);
    if (!placement[axis].node) continue;
    // Ez has its nodes at the centres of the cells.
    const bool centres = uniform.polarization == domain::Polarization::Ez;
    uniform.face[axis] = *placement[axis].node + (centres ? 0.5 * uniform.cell : 0.0);
  }
  return domain::UniformLattice(uniform);
}

domain::Lattice Graded(const deck::GridOptions& grid,
                       const std::array<AxisPlacement, 3>& placement) {
  std::array<std::array<AxisEnd, 2>, 3> ends;
  std::vector<domain::Axis> axes;
  std::array<double, 3> phases{0, 0, 0};
  for (int axis = 0; axis < grid.Dimensions(); ++axis) {
    axes.push_back(MakeAxis(grid, axis, placement[axis], ends[axis]));
    phases[axis] = grid.BlochOf(axis) * axes[axis].Length();
  }
  if (axes.size() == 3) {
    return domain::Lattice(std::array<domain::Axis, 3>{axes[0], axes[1], axes[2]}, ends, phases);
  }
  const auto fields =
      grid.polarization == domain::Polarization::Ez ? domain::FieldSet::Ez : domain::FieldSet::Hz;
  return domain::Lattice(fields, std::array<domain::Axis, 2>{axes[0], axes[1]},
                         std::array<std::array<AxisEnd, 2>, 2>{ends[0], ends[1]},
                         std::array<double, 2>{phases[0], phases[1]});
}

}  // namespace

domain::Lattice LatticeOf(const deck::DeviceOptions& options) {
  const deck::GridOptions& grid = options.grid;
  if (!options.InTimeDomain() && grid.Dimensions() == 3) {
    base::Fail(
        "{}: grid.size has three entries, but the frequency domain is two-dimensional; add "
        "`solver: time_domain`, or give [x, y]",
        grid.where);
  }
  std::vector<double> size = grid.size;
  if (options.chip) {
    const std::array<double, 2> chip = ChipLayout(options).size;
    size = {chip[0], chip[1]};
  }
  deck::RequireCellCount(grid, size, options.InTimeDomain());
  const std::array<AxisPlacement, 3> placement = PlaceLattice(options);
  std::optional<domain::Lattice> lattice;
  deck::AtPlace(grid.where, [&] {
    lattice.emplace(HasEqualCells(options) ? Uniform(options, size, placement)
                                           : Graded(grid, placement));
  });
  return *lattice;
}

}  // namespace symwave::jobs::device
