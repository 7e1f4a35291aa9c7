#include "jobs/run/stepped_work.hpp"

#include "solvers/fdtd/partition.hpp"

namespace symwave::jobs::run {

double WeightedLayers(const domain::Lattice& lattice) {
  const solvers::fdtd::PointCosts costs;
  const std::array<double, 3> weights{costs.pml_x, costs.pml_y, costs.pml_z};
  double points = 0;
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    const int layers = lattice.End(axis, 0).pml_cells + lattice.End(axis, 1).pml_cells;
    points += weights[axis] * layers / lattice.Cells(axis);
  }
  return points * static_cast<double>(lattice.CellCount());
}

void AddSteps(Work& work, const domain::Lattice& lattice, const Steps& given) {
  const bool flat = lattice.TwoDimensional();
  const double parts = lattice.HasBlochPhase() ? 2 : 1;  // real and imaginary
  const auto cells = static_cast<double>(lattice.CellCount());
  const auto add = [&](Operation operation, double each_step) {
    if (each_step <= 0) return;
    Part part;
    part.what = "steps";
    part.operation = operation;
    part.amount = parts * each_step * given.steps;
    part.threaded = part.steps = true;
    part.float64 = given.float64;
    work.parts.push_back(part);
  };
  add(flat ? Operation::Cell2d : Operation::Cell3d, cells);
  add(flat ? Operation::Pml2d : Operation::Pml3d, WeightedLayers(lattice));
  add(flat ? Operation::Pole2d : Operation::Pole3d, (flat ? 1 : 1.0 / 3) * given.poles * cells);
  SteppedLattice stepped;
  for (int axis = 0; axis < 3; ++axis) stepped.cells[axis] = lattice.Cells(axis);
  stepped.steps = given.steps;
  // Fields and polarisations to and from both sides.
  stepped.halo_bytes = parts * (given.float64 ? 8 : 4) * ((flat ? 3 : 6) + 2 * given.poles);
  work.lattice = stepped;
}

}  // namespace symwave::jobs::run
