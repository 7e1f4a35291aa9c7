// A device in which only the permittivity of given cells changes from solve to solve.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdfd/stencil.hpp"

namespace symwave::solvers::fdfd {

struct LatticeCell {
  int i = 0;
  int j = 0;
};

/// Answer to launched amplitudes.
struct Response {
  Eigen::MatrixXcd outgoing;  ///< port modes x launches: amplitudes leaving through every port
  Eigen::MatrixXcd cells;     ///< changeable cells x launches: u there; the same on every rank
};

/// Fixed optics with changeable cells, polarization Ez. All members are collective.
class ProgrammableDevice {
 public:
  virtual ~ProgrammableDevice() = default;
  /// Adds eps_change[c] to the permittivity of cell c of the list given at construction.
  virtual void Program(const std::vector<Complex>& eps_change) = 0;
  /// Launches the columns of `launched` (port modes x launches).
  virtual Response Launch(const Eigen::MatrixXcd& launched) = 0;
  virtual const SolverStatistics& Statistics() const = 0;
  virtual long Unknowns() const = 0;  ///< of the system factorized in every step
  const std::vector<PortMode>& Ports() const { return ports_; }

 protected:
  std::vector<PortMode> ports_;
};

/// Everything a programmable device is made of.
struct DeviceDescription {
  MPI_Comm comm = MPI_COMM_WORLD;
  const domain::Grid* grid = nullptr;
  domain::Layout layout;
  double omega = 0;
  std::vector<domain::Port> ports;
  std::vector<LatticeCell> cells;
  DirectSolverOptions solver;
};

/// The whole grid is factorized for every program: the reference.
class MonolithicDevice : public ProgrammableDevice {
 public:
  explicit MonolithicDevice(const DeviceDescription& description);
  void Program(const std::vector<Complex>& eps_change) override;
  Response Launch(const Eigen::MatrixXcd& launched) override;
  const SolverStatistics& Statistics() const override { return solver_.Statistics(); }
  long Unknowns() const override { return description_.grid->Unknowns(); }

 private:
  DeviceDescription description_;
  DirectSolver solver_;
  MatHandle op_, sources_;
  std::vector<long> rows_;                ///< unknown of every changeable cell
  std::vector<Complex> diagonal_, mass_;  ///< unprogrammed diagonal and w^2 s_x s_y V there
};

/// Writes diagonal - mass * eps_change at `rows` of this rank; collective.
void SetDiagonal(Mat op, const std::vector<long>& rows, const std::vector<Complex>& diagonal,
                 const std::vector<Complex>& mass, const std::vector<Complex>& eps_change);

}  // namespace symwave::solvers::fdfd
