// Full-wave solution of a device with ports: S-parameters, energy balance and fields.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdfd/power.hpp"
#include "solvers/fdfd/sparse_columns.hpp"
#include "solvers/yee/scattering_matrix.hpp"

namespace symwave::solvers::fdfd {

struct Scattering {
  double wavelength = 0;  ///< um
  std::vector<PortMode> ports;
  Eigen::MatrixXcd s;  ///< S[out, in] over port modes, at the ports' own planes
  /// Amplitudes that travel into the device per launched unit, see IncomingAmplitudes.
  Eigen::MatrixXcd incoming;
  std::vector<PowerBalance> power;  ///< per input
  double reciprocity_defect = 0;    ///< norm(S - S^T) / norm(S)
  double relative_residual = 0;
};

/// Which fields a solution leaves behind.
enum class Keep { Fields, Nothing };

/// Monolithic solution on all columns of the points. Rank r owns PartitionColumns(all, r, size).
/// All members are collective on the communicator. Wavelengths share one analysis of the sparsity.
/// Inputs are solved in blocks (DirectSolver::ColumnsPerBlock), so that the memory of right-hand
/// sides does not grow with their number; that of kept fields does.
class Simulation {
 public:
  /// `known`: modes of ports that are known already, and those found from now on.
  Simulation(MPI_Comm comm, const domain::Lattice& lattice, const DirectSolverOptions& options,
             std::shared_ptr<KnownLines> known = std::make_shared<KnownLines>());

  /// Solves for every port mode. UserError: see SolvePorts, DirectSolver, and more ranks than
  /// columns.
  Scattering Solve(double wavelength, const domain::PermittivityMap& media,
                   const std::vector<domain::PlanePort>& ports, Keep keep = Keep::Fields);

  const PlanePoints& Points() const { return points_; }
  ColumnRange MyColumns() const { return mine_; }
  /// u of the last Solve, which kept fields, for the port mode `input`: this rank's columns,
  /// [i - begin][j].
  std::vector<Complex> Field(int input) const;
  const SolverStatistics& Statistics() const { return solver_.Statistics(); }

 private:
  MatHandle SolveInputs(const Stencil& stencil, const std::vector<SparseColumn>& sources,
                        long begin, long count, Scattering& result);

  MPI_Comm comm_;
  PlanePoints points_;
  ColumnRange mine_;
  std::shared_ptr<KnownLines> known_;
  DirectSolver solver_;
  MatHandle op_;
  long block_ = 1;                 ///< inputs per block of the last Solve
  std::vector<MatHandle> fields_;  ///< block by block
};

/// This rank's columns of a whole lattice; UserError on all ranks for more ranks than columns.
ColumnRange ColumnsOf(MPI_Comm comm, const PlanePoints& points);

/// The options for a lattice: a Bloch phase makes its operator unsymmetric, LDL^T needs symmetry.
DirectSolverOptions SolverFor(const domain::Lattice& lattice, DirectSolverOptions options);

/// The source vectors b of all port modes. Rows start at global unknown `first_unknown`.
std::vector<SparseColumn> PortSources(const PlanePoints& points, const std::vector<PortMode>& ports,
                                      long first_unknown = 0);

/// The points of a sweep, of these ports, as one matrix.
yee::ScatteringMatrix MatrixOf(const std::vector<Scattering>& sweep,
                               const std::vector<domain::PlanePort>& ports);

double RelativeAsymmetry(const Eigen::MatrixXcd& s);

}  // namespace symwave::solvers::fdfd
