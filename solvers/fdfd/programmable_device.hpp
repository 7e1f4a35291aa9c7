// Programmable devices solved in frequency domain.
#pragma once

#include <vector>

#include "solvers/fdfd/direct_solver.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdfd/sparse_columns.hpp"
#include "solvers/fdfd/stencil.hpp"
#include "solvers/programmable_device.hpp"

namespace symwave::solvers::fdfd {

/// Everything a programmable device is made of.
struct DeviceDescription : FixedOptics {
  DirectSolverOptions solver;
};

inline DeviceStatistics StatisticsOf(const SolverStatistics& statistics) {
  return {statistics.solves, statistics.factorizations, statistics.max_relative_residual};
}

/// The whole lattice is factorized for every program: the reference. Elements may be points of
/// every component that the lattice has: Ez, or Ex and Ey of an Hz problem, where their E is D /
/// eps, without what couplings of nodes add.
class MonolithicDevice : public ProgrammableDevice {
 public:
  explicit MonolithicDevice(const DeviceDescription& description);
  void Program(const std::vector<Complex>& eps_change) override;
  Response Launch(const Eigen::MatrixXcd& launched) override;
  DeviceStatistics Statistics() const override { return StatisticsOf(solver_.Statistics()); }
  long Unknowns() const override { return points_.Unknowns(); }
  int PortModes() const override { return static_cast<int>(ports_.size()); }

 private:
  SparseColumn ProbeOf(const ElementPoint& point) const;

  DeviceDescription description_;
  PlanePoints points_;
  DirectSolver solver_;
  Coefficients fixed_;  ///< of this rank's columns, unprogrammed
  MatHandle op_;
  std::vector<PortMode> ports_;
  std::vector<SparseColumn> sources_;
  std::vector<SparseColumn> probes_;  ///< Ez, or of Hz curl H, at every changeable point
  std::vector<Complex> scale_;        ///< E over that, as programmed
};

/// Unknown of a point of Ez, which is not on a wall.
long UnknownOf(const PlanePoints& points, const ElementPoint& point);

/// Writes diagonal - mass * eps_change at `rows` of this rank; collective.
void SetDiagonal(Mat op, const std::vector<long>& rows, const std::vector<Complex>& diagonal,
                 const std::vector<Complex>& mass, const std::vector<Complex>& eps_change);

}  // namespace symwave::solvers::fdfd
