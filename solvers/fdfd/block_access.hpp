// Reading and writing the entries of distributed dense blocks (right-hand sides, fields).
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <vector>

#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// This rank's rows of a dense block, all columns, while the object lives.
class LocalBlock {
 public:
  explicit LocalBlock(Mat block);
  ~LocalBlock();
  LocalBlock(const LocalBlock&) = delete;
  LocalBlock& operator=(const LocalBlock&) = delete;

  PetscInt FirstRow() const { return first_; }
  PetscInt Rows() const { return last_ - first_; }
  bool Owns(long row) const { return row >= first_ && row < last_; }
  /// Local rows x columns, column-major.
  Eigen::Map<Eigen::MatrixXcd, 0, Eigen::OuterStride<>> Values();

 private:
  Mat block_;
  PetscInt first_ = 0, last_ = 0, columns_ = 0, stride_ = 0;
  PetscScalar* values_ = nullptr;
};

/// Collective on `comm`: rows `rows` of a block on every rank, rows.size() x columns.
Eigen::MatrixXcd GatherRows(MPI_Comm comm, Mat block, const std::vector<long>& rows);

/// Collective on `comm`: zero block with the rows of `op` and `columns` columns.
MatHandle MakeBlock(MPI_Comm comm, Mat op, long columns);

/// Sums a replicated-shape matrix over the ranks in place; collective.
void SumOverRanks(MPI_Comm comm, Eigen::MatrixXcd& values);

}  // namespace symwave::solvers::fdfd
