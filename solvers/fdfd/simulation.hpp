// Full-wave solution of a device with ports: S-parameters, energy balance and fields.
#pragma once

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdfd/power.hpp"

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

/// Monolithic solution on all columns of the grid. Rank r owns PartitionColumns(all, r, size). All
/// members are collective on the communicator. Wavelengths share one analysis of the sparsity.
class Simulation {
 public:
  Simulation(MPI_Comm comm, const domain::Grid& grid, const DirectSolverOptions& options);

  /// Solves for every port mode at once. UserError: see SolvePorts, DirectSolver, and more ranks
  /// than columns.
  Scattering Solve(double wavelength, const domain::Layout& layout,
                   const std::vector<domain::Port>& ports);

  domain::ColumnRange MyColumns() const { return mine_; }
  /// u of the last Solve for the port mode `input`: this rank's columns, [i - begin][j].
  std::vector<Complex> Field(int input) const;
  const SolverStatistics& Statistics() const { return solver_.Statistics(); }

 private:
  MPI_Comm comm_;
  const domain::Grid& grid_;
  domain::ColumnRange mine_;
  DirectSolver solver_;
  MatHandle op_, fields_;
};

/// The source vectors b of all port modes as a dense block; collective. Rows start at global
/// unknown `first_unknown`.
MatHandle PortSources(MPI_Comm comm, const domain::Grid& grid, Mat op,
                      const std::vector<PortMode>& ports, long first_unknown = 0);

double RelativeAsymmetry(const Eigen::MatrixXcd& s);

}  // namespace symwave::solvers::fdfd
