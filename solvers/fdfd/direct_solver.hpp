// Sparse direct solution by MUMPS through PETSc: analyse once per pattern, factor once per design,
// solve all right-hand sides as one block.
#pragma once

#include <mpi.h>

#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// LDL^T uses the symmetry A = A^T: half the memory and work of LU.
enum class Factorization { Ldlt, Lu };

struct DirectSolverOptions {
  Factorization factorization = Factorization::Ldlt;
  int workspace_percent = 30;  ///< MUMPS ICNTL(14): room beyond the estimate, raised when too small
};

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

  /// Factors `op`; the pattern must be that of the first call. `op` must outlive the solves.
  void Factor(Mat op);
  /// X with op X = rhs (dense block), and the largest column residual |op x - b| / |b| into the
  /// statistics when `check`.
  MatHandle Solve(Mat rhs, bool check = true);

  const SolverStatistics& Statistics() const { return statistics_; }
  /// Largest column residual of the last checked Solve.
  double LastResidual() const { return last_residual_; }

 private:
  void Analyse(Mat op);
  void FactorNumerically(Mat op);
  void ReadMumpsStatistics();
  double LargestResidual(Mat x, Mat rhs) const;

  MPI_Comm comm_;
  DirectSolverOptions options_;
  MatHandle factor_;
  Mat op_ = nullptr;
  SolverStatistics statistics_;
  double last_residual_ = 0;
};

}  // namespace symwave::solvers::fdfd
