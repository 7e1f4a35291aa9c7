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

/// How the E of elements is read from the unknowns, and what a change of eps does to them.
class ElementProbes {
 public:
  ElementProbes() = default;
  /// Elements must be off the walls.
  ElementProbes(const PlanePoints& points, const DeviceDescription& description);

  /// Ez, or of Hz curl H there, in unknowns of the lattice.
  const std::vector<SparseColumn>& Columns() const { return columns_; }
  /// Change of the flux across the face of an element of Hz, relative to what it is unprogrammed.
  Complex FluxChange(size_t element, Complex eps_change) const {
    return eps_[element] / (eps_[element] + eps_change) - 1.0;
  }
  /// E over what is read there, of all elements as programmed.
  std::vector<Complex> Scale(const std::vector<Complex>& eps_change) const;

 private:
  bool ez_ = true;
  double omega_ = 0;
  std::vector<SparseColumn> columns_;
  std::vector<Complex> eps_;  ///< of Hz, unprogrammed
};

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
  DeviceDescription description_;
  PlanePoints points_;
  DirectSolver solver_;
  Coefficients fixed_;  ///< of this rank's columns, unprogrammed
  MatHandle op_;
  std::vector<PortMode> ports_;
  std::vector<SparseColumn> sources_;
  ElementProbes elements_;
  std::vector<Complex> scale_;  ///< of their readings
};

}  // namespace symwave::solvers::fdfd
