// Sparse direct solution by MUMPS through PETSc: analyse once per pattern, factor once per design,
// solve right-hand sides in blocks.
#pragma once

#include <mpi.h>

#include <limits>

#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// LDL^T uses the symmetry A = A^T: half the memory and work of LU.
enum class Factorization { Ldlt, Lu };

struct DirectSolverOptions {
  Factorization factorization = Factorization::Ldlt;
  int workspace_percent = 30;  ///< MUMPS ICNTL(14): room beyond the estimate, raised when too small
  int columns_at_once = 32;    ///< MUMPS ICNTL(27): right-hand sides in one dense product
  /// Values of one block of right-hand sides on all ranks: PETSc's MUMPS counts them in a PetscInt.
  long most_values = std::numeric_limits<PetscInt>::max();
  /// Memory of one such block on a rank, unless that is less than two times columns_at_once.
  double block_bytes = 256e6;
};

/// Columns of the blocks in which right-hand sides of `rows` unknowns on `ranks` ranks are solved:
/// within block_bytes, but at least two times columns_at_once, with which no speed is lost; less
/// where most_values asks for it. A multiple of columns_at_once if that is possible, so that MUMPS
/// forms the same products and the solutions do not depend on the blocks to the last bit. UserError
/// where most_values allows none.
long ColumnsPerBlock(long rows, int ranks, const DirectSolverOptions& options);

/// What the solver did so far.
struct SolverStatistics {
  double analysis_seconds = 0;
  double factor_seconds = 0;
  double solve_seconds = 0;
  long factorizations = 0;
  long solves = 0;             ///< right-hand sides
  long workspace_retries = 0;  ///< factorizations repeated with more workspace
  double memory_mb = 0;        ///< peak of MUMPS' own count, sum over ranks
  double memory_mb_max = 0;    ///< the same on the fullest rank
  double max_relative_residual = 0;

  SolverStatistics& operator+=(const SolverStatistics& other);
};

/// All members are collective on the communicator. UserError when memory does not suffice.
class DirectSolver {
 public:
  DirectSolver(MPI_Comm comm, const DirectSolverOptions& options);

  /// Factors `op`; analysed anew where it has another number of entries than the one before, of
  /// the same number it must have the same pattern. `op` must outlive the solves.
  void Factor(Mat op);
  /// X with op X = rhs (dense block), in blocks of ColumnsPerBlock, and the largest column residual
  /// |op x - b| / |b| into the statistics when `check`.
  MatHandle Solve(Mat rhs, bool check = true);
  /// Of the operator of the last Factor.
  long ColumnsPerBlock() const;

  const SolverStatistics& Statistics() const { return statistics_; }
  /// Largest column residual of the last checked Solve.
  double LastResidual() const { return last_residual_; }

 private:
  void Analyse(Mat op);
  void FactorNumerically(Mat op);
  void ReadMumpsStatistics();
  void SolveColumns(Mat rhs, Mat x, PetscInt begin, PetscInt end, bool check);
  double LargestResidual(Mat x, Mat rhs) const;

  MPI_Comm comm_;
  DirectSolverOptions options_;
  MatHandle factor_;
  Mat op_ = nullptr;
  double analysed_entries_ = 0;
  SolverStatistics statistics_;
  double last_residual_ = 0;
};

}  // namespace symwave::solvers::fdfd
