#include "solvers/fdfd/programmable_device.hpp"

#include <algorithm>

#include "domain/base/count.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;

void SetDiagonal(Mat op, const std::vector<long>& rows, const std::vector<Complex>& diagonal,
                 const std::vector<Complex>& mass, const std::vector<Complex>& eps_change) {
  PetscInt first = 0;
  PetscInt last = 0;
  Petsc(MatGetOwnershipRange(op, &first, &last));
  for (size_t c = 0; c < rows.size(); ++c) {
    if (rows[c] < first || rows[c] >= last) continue;
    const auto row = base::CheckedCast<PetscInt>(rows[c], "unknowns");
    Petsc(MatSetValue(op, row, row, diagonal[c] - mass[c] * eps_change[c], INSERT_VALUES));
  }
  Petsc(MatAssemblyBegin(op, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(op, MAT_FINAL_ASSEMBLY));
}

MonolithicDevice::MonolithicDevice(const DeviceDescription& description)
    : description_(description), solver_(description.comm, description.solver) {
  const domain::Grid& grid = *description_.grid;
  base::Require(grid.Pol() == domain::Polarization::Ez, "changeable cells need polarization Ez");
  const domain::ColumnRange mine = MyColumns(description_.comm, {0, grid.Nx()});
  ports_ = SolvePorts(description_.comm, grid, description_.layout, description_.omega,
                      description_.ports, *description_.known);
  const domain::Permittivity permittivity =
      domain::EvaluatePermittivity(grid, description_.layout, mine);
  const Stencil stencil(grid, permittivity, description_.omega);
  op_ = AssembleOperator(description_.comm, stencil, {0, grid.Nx()});
  sources_ = PortSources(grid, ports_);
  for (const LatticeCell& cell : description_.cells) {
    rows_.push_back(static_cast<long>(cell.i) * grid.Ny() + cell.j);
    const bool known = cell.i >= mine.begin && cell.i < mine.end;
    diagonal_.push_back(known ? stencil.Diagonal(cell.i, cell.j) : Complex(0.0));
    mass_.push_back(known ? stencil.Mass(cell.i, cell.j) : Complex(0.0));
  }
}

void MonolithicDevice::Program(const std::vector<Complex>& eps_change) {
  SetDiagonal(op_, rows_, diagonal_, mass_, eps_change);
  solver_.Factor(op_);
}

Response MonolithicDevice::Launch(const Eigen::MatrixXcd& launched) {
  Response response;
  response.cells.resize(static_cast<long>(rows_.size()), launched.cols());
  response.outgoing.resize(launched.rows(), launched.cols());
  const long block = solver_.ColumnsPerBlock();
  for (long begin = 0; begin < launched.cols(); begin += block) {
    const long count = std::min<long>(block, launched.cols() - begin);
    const MatHandle x = solver_.Solve(
        CombinedBlock(description_.comm, op_, sources_, launched.middleCols(begin, count)));
    response.cells.middleCols(begin, count) = GatherRows(description_.comm, x, rows_);
    response.outgoing.middleCols(begin, count) =
        Complex(0, 1) / (4 * description_.omega) * Measure(description_.comm, sources_, x);
  }
  for (size_t p = 0; p < ports_.size(); ++p) {
    const auto row = static_cast<long>(p);
    response.outgoing.row(row) -= ports_[p].Direct() * launched.row(row);
  }
  return response;
}

}  // namespace symwave::solvers::fdfd
