// Programmable devices solved in frequency domain.
#pragma once

#include <vector>

#include "solvers/fdfd/direct_solver.hpp"
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

/// The whole grid is factorized for every program: the reference.
class MonolithicDevice : public ProgrammableDevice {
 public:
  explicit MonolithicDevice(const DeviceDescription& description);
  void Program(const std::vector<Complex>& eps_change) override;
  Response Launch(const Eigen::MatrixXcd& launched) override;
  DeviceStatistics Statistics() const override { return StatisticsOf(solver_.Statistics()); }
  long Unknowns() const override { return description_.grid->Unknowns(); }

 private:
  DeviceDescription description_;
  DirectSolver solver_;
  MatHandle op_;
  std::vector<SparseColumn> sources_;
  std::vector<long> rows_;                ///< unknown of every changeable cell
  std::vector<Complex> diagonal_, mass_;  ///< unprogrammed diagonal and w^2 s_x s_y V there
};

/// Writes diagonal - mass * eps_change at `rows` of this rank; collective.
void SetDiagonal(Mat op, const std::vector<long>& rows, const std::vector<Complex>& diagonal,
                 const std::vector<Complex>& mass, const std::vector<Complex>& eps_change);

}  // namespace symwave::solvers::fdfd
