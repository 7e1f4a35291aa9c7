// Rows of neighbours, for elements that mix pixels nearby.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "solvers/diffraction/plane.hpp"

namespace symwave::solvers::diffraction {

/// The rows of this rank and up to `depth` rows of the plane beyond them on both sides, however
/// many ranks these lie on.
class RowHalo {
 public:
  RowHalo(const PlaneShare& share, int depth);

  /// First row of the result and its number of rows; none where this rank has no rows.
  int FirstRow() const { return first_row_; }
  int Rows() const { return rows_; }
  /// Collective. `values` per pixel of this rank; returns rows x nx, row by row.
  Eigen::ArrayXd Exchange(const Eigen::ArrayXd& values) const;

 private:
  MPI_Comm comm_;  ///< not owned
  long pixels_ = 0;
  int first_row_ = 0, rows_ = 0, nx_ = 0;
  std::vector<int> send_counts_, send_offsets_, receive_counts_, receive_offsets_;
};

}  // namespace symwave::solvers::diffraction
