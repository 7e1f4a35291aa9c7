#include "solvers/fdfd/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/assembly.hpp"
#include "solvers/fdfd/block_access.hpp"
#include "solvers/fdfd/port_waves.hpp"

namespace symwave::solvers::fdfd {

ColumnRange ColumnsOf(MPI_Comm comm, const PlanePoints& points) {
  const int size = base::Communicator::SizeOf(comm);
  if (size > points.Nx()) {
    base::Fail(
        "{} ranks for {} columns of cells: every rank needs at least one column; start at most {} "
        "ranks",
        size, points.Nx(), points.Nx());
  }
  return MyColumns(comm, {0, points.Nx()});
}

double RelativeAsymmetry(const Eigen::MatrixXcd& s) {
  const double norm = s.norm();
  return norm > 0 ? (s - s.transpose()).norm() / norm : 0.0;
}

std::vector<SparseColumn> PortSources(const PlanePoints& points, const std::vector<PortMode>& ports,
                                      long first_unknown) {
  std::vector<SparseColumn> sources;
  for (const PortMode& port : ports) {
    SparseColumn column;
    for (size_t k = 0; k < port.source.size(); ++k) {
      column.push_back({port.Unknown(points, k) - first_unknown, port.source[k]});
    }
    sources.push_back(std::move(column));
  }
  return sources;
}

DirectSolverOptions SolverFor(const domain::Lattice& lattice, DirectSolverOptions options) {
  if (lattice.HasBlochPhase()) options.factorization = Factorization::Lu;
  return options;
}

Simulation::Simulation(MPI_Comm comm, const domain::Lattice& lattice,
                       const DirectSolverOptions& options, std::shared_ptr<KnownLines> known)
    : comm_(comm),
      points_(lattice),
      mine_(ColumnsOf(comm, points_)),
      known_(std::move(known)),
      solver_(comm, SolverFor(lattice, options)) {}

Scattering Simulation::Solve(double wavelength, const domain::PermittivityMap& media,
                             const std::vector<domain::PlanePort>& ports, Keep keep) {
  const double omega = 2 * M_PI / wavelength;
  Scattering result;
  result.wavelength = wavelength;
  result.ports = SolvePorts(comm_, points_, media, omega, ports, *known_);

  base::FaultPoint("frequency_domain/assemble");
  const Coefficients coefficients(points_, media, mine_);
  const Stencil stencil(points_, coefficients, omega);
  fields_.clear();
  op_ = AssembleOperator(comm_, stencil, {0, points_.Nx()});
  solver_.Factor(op_);
  const std::vector<SparseColumn> sources = PortSources(points_, result.ports);
  const auto inputs = static_cast<long>(sources.size());
  result.s.resize(inputs, inputs);
  result.incoming.resize(inputs, inputs);
  block_ = solver_.ColumnsPerBlock();
  for (long begin = 0; begin < inputs; begin += block_) {
    MatHandle fields =
        SolveInputs(stencil, sources, begin, std::min(block_, inputs - begin), result);
    if (keep == Keep::Fields) fields_.push_back(std::move(fields));
  }
  result.reciprocity_defect = RelativeAsymmetry(result.s);
  return result;
}

/// Fields of the inputs begin, begin + 1 ..., and all that `result` says of them.
MatHandle Simulation::SolveInputs(const Stencil& stencil, const std::vector<SparseColumn>& sources,
                                  long begin, long count, Scattering& result) {
  MatHandle fields = solver_.Solve(BlockOf(comm_, op_, sources, begin, count));
  result.relative_residual = std::max(result.relative_residual, solver_.LastResidual());
  Eigen::MatrixXcd s = Complex(0, 1) / (4 * stencil.Omega()) * Measure(comm_, sources, fields);
  for (long a = 0; a < count; ++a) {
    s(begin + a, a) -= result.ports[static_cast<size_t>(begin + a)].direct;
  }
  const PortFields solved{result.ports, fields, s, begin};
  result.s.middleCols(begin, count) = s;
  result.incoming.middleCols(begin, count) =
      IncomingAmplitudes(comm_, points_, stencil.Omega(), solved);
  const std::vector<PowerBalance> power = BalancePower(comm_, stencil, mine_, solved);
  result.power.insert(result.power.end(), power.begin(), power.end());
  return fields;
}

yee::ScatteringMatrix MatrixOf(const std::vector<Scattering>& sweep,
                               const std::vector<domain::PlanePort>& ports) {
  yee::ScatteringMatrix matrix;
  for (size_t p = 0; p < ports.size(); ++p) {
    for (const domain::ModeChoice& choice : ports[p].modes) {
      yee::ScatteringMode mode;
      mode.name = sweep.front().ports[matrix.modes.size()].name;
      mode.port = static_cast<int>(p);
      mode.choice = choice;
      matrix.modes.push_back(std::move(mode));
    }
  }
  for (const Scattering& point : sweep) {
    matrix.wavelengths.push_back(point.wavelength);
    matrix.s.push_back(point.s);
    matrix.incoming.push_back(point.incoming);
    matrix.reciprocity_defect.push_back(point.reciprocity_defect);
    for (size_t m = 0; m < matrix.modes.size(); ++m) {
      matrix.modes[m].n_eff.push_back(point.ports[m].mode.n_eff);
    }
    auto& power = matrix.power.emplace_back();
    for (const PowerBalance& of : point.power) {
      power.push_back({of.transmitted, of.reflected, of.radiated, of.absorbed, of.balance_error});
    }
  }
  return matrix;
}

std::vector<Complex> Simulation::Field(int input) const {
  const auto block = static_cast<size_t>(input / block_);
  base::Require(block < fields_.size(), "the last solution kept its fields");
  LocalBlock local(fields_[block]);
  const auto column = local.Values().col(input % block_);
  return std::vector<Complex>(column.data(), column.data() + column.size());
}

}  // namespace symwave::solvers::fdfd
