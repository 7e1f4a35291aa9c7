// A device in which only the permittivity of given cells changes from solve to solve, whatever
// method solves it.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <complex>
#include <memory>
#include <vector>

#include "domain/grid.hpp"
#include "domain/permittivity.hpp"
#include "domain/ports.hpp"
#include "solvers/fdfd/port_mode.hpp"

namespace symwave::solvers {

using Complex = std::complex<double>;

/// A cell of a 2D grid.
struct LatticeCell {
  int i = 0;
  int j = 0;
};

/// The optics of a programmable device and the cells that can be changed, polarization Ez. The grid
/// outlives the device.
struct FixedOptics {
  MPI_Comm comm = MPI_COMM_WORLD;
  const domain::Grid* grid = nullptr;
  domain::Layout layout;
  double omega = 0;  ///< 1/um
  std::vector<domain::Port> ports;
  std::vector<LatticeCell> cells;
  /// Modes of ports that are known already, and those found from now on.
  std::shared_ptr<modes::CrossSectionModes> known = std::make_shared<modes::CrossSectionModes>();
};

/// Answer to launched amplitudes.
struct Response {
  Eigen::MatrixXcd outgoing;  ///< port modes x launches: amplitudes leaving through every port
  Eigen::MatrixXcd cells;     ///< changeable cells x launches: u there; the same on every rank
};

/// What a device did so far.
struct DeviceStatistics {
  long solves = 0;          ///< right-hand sides, or runs in time domain
  long factorizations = 0;  ///< none in time domain
  double max_relative_residual = 0;
};

/// Fixed optics with changeable cells. All members are collective. With the cells' volume V and the
/// fields u of two unit launches a and b, dS_ba = (i w / 4) V u_b u_a d eps.
class ProgrammableDevice {
 public:
  virtual ~ProgrammableDevice() = default;
  /// Adds eps_change[c] to the permittivity of cell c of the list given at construction.
  virtual void Program(const std::vector<Complex>& eps_change) = 0;
  /// Launches the columns of `launched` (port modes x launches).
  virtual Response Launch(const Eigen::MatrixXcd& launched) = 0;
  virtual DeviceStatistics Statistics() const = 0;
  virtual long Unknowns() const = 0;  ///< solved for in every step of training
  /// The lattice modes of the ports; amplitudes refer to them.
  const std::vector<fdfd::PortMode>& Ports() const { return ports_; }

 protected:
  std::vector<fdfd::PortMode> ports_;
};

}  // namespace symwave::solvers
