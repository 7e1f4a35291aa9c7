#include "solvers/fdfd/simulation.hpp"

#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdfd/port_waves.hpp"

namespace symwave::solvers::fdfd {

namespace {

domain::ColumnRange ColumnsOf(MPI_Comm comm, const domain::Grid& grid) {
  const int size = base::Communicator::SizeOf(comm);
  if (size > grid.Nx()) {
    base::Fail(
        "{} ranks for {} columns of cells: every rank needs at least one column; start at most {} "
        "ranks",
        size, grid.Nx(), grid.Nx());
  }
  return MyColumns(comm, {0, grid.Nx()});
}

}  // namespace

double RelativeAsymmetry(const Eigen::MatrixXcd& s) {
  const double norm = s.norm();
  return norm > 0 ? (s - s.transpose()).norm() / norm : 0.0;
}

MatHandle PortSources(MPI_Comm comm, const domain::Grid& grid, Mat op,
                      const std::vector<PortMode>& ports, long first_unknown) {
  MatHandle sources = MakeBlock(comm, op, static_cast<long>(ports.size()));
  {
    LocalBlock block(sources);
    auto values = block.Values();
    for (size_t p = 0; p < ports.size(); ++p) {
      for (size_t k = 0; k < ports[p].source.size(); ++k) {
        const long row = ports[p].Unknown(grid, k) - first_unknown;
        if (block.Owns(row)) values(row - block.FirstRow(), p) = ports[p].source[k];
      }
    }
  }
  return sources;
}

Simulation::Simulation(MPI_Comm comm, const domain::Grid& grid, const DirectSolverOptions& options)
    : comm_(comm), grid_(grid), mine_(ColumnsOf(comm, grid)), solver_(comm, options) {}

Scattering Simulation::Solve(double wavelength, const domain::Layout& layout,
                             const std::vector<domain::Port>& ports) {
  const double omega = 2 * M_PI / wavelength;
  Scattering result;
  result.wavelength = wavelength;
  result.ports = SolvePorts(grid_, layout, omega, ports);

  base::FaultPoint("frequency_domain/assemble");
  const domain::Permittivity permittivity = domain::EvaluatePermittivity(grid_, layout, mine_);
  const Stencil stencil(grid_, permittivity, omega);
  op_ = AssembleOperator(comm_, stencil, {0, grid_.Nx()});
  solver_.Factor(op_);
  const MatHandle sources = PortSources(comm_, grid_, op_, result.ports);
  fields_ = solver_.Solve(sources);
  result.relative_residual = solver_.LastResidual();

  {
    LocalBlock b(sources);
    LocalBlock u(fields_);
    result.s = Complex(0, 1) / (4 * omega) * (b.Values().transpose() * u.Values());
  }
  SumOverRanks(comm_, result.s);
  for (size_t p = 0; p < result.ports.size(); ++p) result.s(p, p) -= result.ports[p].Direct();
  result.reciprocity_defect = RelativeAsymmetry(result.s);
  result.incoming = IncomingAmplitudes(comm_, grid_, fields_, result.ports, result.s);
  result.power = BalancePower(comm_, stencil, mine_, fields_, result.ports, result.s);
  return result;
}

std::vector<Complex> Simulation::Field(int input) const {
  LocalBlock local(fields_);
  const auto column = local.Values().col(input);
  return std::vector<Complex>(column.data(), column.data() + column.size());
}

}  // namespace symwave::solvers::fdfd
