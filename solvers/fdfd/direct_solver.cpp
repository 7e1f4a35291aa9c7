#include "solvers/fdfd/direct_solver.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/mumps_error.hpp"

namespace symwave::solvers::fdfd {

using base::Mpi;
using base::Petsc;

namespace {

constexpr int kMaxWorkspacePercent = 800;

/// Some columns of a dense matrix, sharing its values, while the object lives.
class Columns {
 public:
  Columns(Mat whole, PetscInt begin, PetscInt end) : whole_(whole) {
    Petsc(MatDenseGetSubMatrix(whole, PETSC_DECIDE, PETSC_DECIDE, begin, end, &part_));
  }
  ~Columns() { MatDenseRestoreSubMatrix(whole_, &part_); }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  Mat Get() const { return part_; }

 private:
  Mat whole_;
  Mat part_ = nullptr;
};

/// Column norms of a distributed dense matrix; collective.
std::vector<PetscReal> ColumnNorms(Mat block) {
  PetscInt columns = 0;
  Petsc(MatGetSize(block, nullptr, &columns));
  std::vector<PetscReal> norms(columns);
  Petsc(MatGetColumnNorms(block, NORM_2, norms.data()));
  return norms;
}

}  // namespace

long ColumnsPerBlock(long rows, int ranks, const DirectSolverOptions& options) {
  const long possible = options.most_values / rows;
  if (possible < 1) {
    base::Fail(
        "{} unknowns are more than the {} that PETSc with indices of 32 bits can solve: take "
        "larger cells or a smaller grid",
        rows, options.most_values);
  }
  const long at_once = options.columns_at_once;
  const double column_bytes = sizeof(PetscScalar) * static_cast<double>(rows) / ranks;
  const auto within = static_cast<long>(options.block_bytes / column_bytes);
  const long wanted = std::min(possible, std::max(2 * at_once, within));
  return wanted < at_once ? wanted : wanted / at_once * at_once;
}

SolverStatistics& SolverStatistics::operator+=(const SolverStatistics& other) {
  analysis_seconds += other.analysis_seconds;
  factor_seconds += other.factor_seconds;
  solve_seconds += other.solve_seconds;
  factorizations += other.factorizations;
  solves += other.solves;
  workspace_retries += other.workspace_retries;
  memory_mb = std::max(memory_mb, other.memory_mb);
  memory_mb_max = std::max(memory_mb_max, other.memory_mb_max);
  max_relative_residual = std::max(max_relative_residual, other.max_relative_residual);
  return *this;
}

DirectSolver::DirectSolver(MPI_Comm comm, const DirectSolverOptions& options)
    : comm_(comm), options_(options) {}

void DirectSolver::Analyse(Mat op) {
  const double start = MPI_Wtime();
  const bool ldlt = options_.factorization == Factorization::Ldlt;
  Petsc(
      MatGetFactor(op, MATSOLVERMUMPS, ldlt ? MAT_FACTOR_CHOLESKY : MAT_FACTOR_LU, factor_.Out()));
  Petsc(MatMumpsSetIcntl(factor_, 14, options_.workspace_percent));
  Petsc(MatMumpsSetIcntl(factor_, 27, options_.columns_at_once));
  MatFactorInfo info;
  Petsc(MatFactorInfoInitialize(&info));
  if (ldlt) {
    Petsc(MatCholeskyFactorSymbolic(factor_, op, nullptr, &info));
  } else {
    Petsc(MatLUFactorSymbolic(factor_, op, nullptr, nullptr, &info));
  }
  statistics_.analysis_seconds += MPI_Wtime() - start;
}

void DirectSolver::FactorNumerically(Mat op) {
  MatFactorInfo info;
  Petsc(MatFactorInfoInitialize(&info));
  if (options_.factorization == Factorization::Ldlt) {
    Petsc(MatCholeskyFactorNumeric(factor_, op, &info));
  } else {
    Petsc(MatLUFactorNumeric(factor_, op, &info));
  }
}

void DirectSolver::Factor(Mat op) {
  base::FaultPoint("frequency_domain/factor");
  op_ = op;
  MatInfo info;
  Petsc(MatGetInfo(op, MAT_GLOBAL_SUM, &info));
  if (!factor_ || info.nz_used != analysed_entries_) {
    factor_ = MatHandle();
    analysed_entries_ = info.nz_used;
    Analyse(op);
  }
  const double start = MPI_Wtime();
  for (;;) {
    FactorNumerically(op);
    PetscInt code = 0;
    Petsc(MatMumpsGetInfog(factor_, 1, &code));
    if (code >= 0) break;
    PetscInt detail = 0;
    Petsc(MatMumpsGetInfog(factor_, 2, &detail));
    if (!IsWorkspaceShort(static_cast<int>(code)) ||
        options_.workspace_percent >= kMaxWorkspacePercent) {
      base::Fail("{}", MumpsSentence(static_cast<int>(code), static_cast<int>(detail)));
    }
    options_.workspace_percent = std::max(20, 2 * options_.workspace_percent);
    ++statistics_.workspace_retries;
    // PETSc does not try again on a factor that has failed: a new one starts from the analysis.
    factor_ = MatHandle();
    Analyse(op);
  }
  statistics_.factor_seconds += MPI_Wtime() - start;
  ++statistics_.factorizations;
  ReadMumpsStatistics();
}

void DirectSolver::ReadMumpsStatistics() {
  PetscInt largest = 0;
  PetscInt total = 0;
  Petsc(MatMumpsGetInfog(factor_, 21, &largest));
  Petsc(MatMumpsGetInfog(factor_, 22, &total));
  statistics_.memory_mb_max = std::max(statistics_.memory_mb_max, static_cast<double>(largest));
  statistics_.memory_mb = std::max(statistics_.memory_mb, static_cast<double>(total));
}

double DirectSolver::LargestResidual(Mat x, Mat rhs) const {
  MatHandle residual;
  Petsc(MatMatMult(op_, x, MAT_INITIAL_MATRIX, PETSC_DEFAULT, residual.Out()));
  Petsc(MatAXPY(residual, -1.0, rhs, SAME_NONZERO_PATTERN));
  const std::vector<PetscReal> errors = ColumnNorms(residual);
  const std::vector<PetscReal> norms = ColumnNorms(rhs);
  double largest = 0;
  for (size_t k = 0; k < errors.size(); ++k) {
    const double relative = norms[k] > 0 ? errors[k] / norms[k] : errors[k];
    largest = std::isfinite(relative) ? std::max(largest, relative) : INFINITY;
  }
  return largest;
}

long DirectSolver::ColumnsPerBlock() const {
  PetscInt rows = 0;
  Petsc(MatGetSize(op_, &rows, nullptr));
  return fdfd::ColumnsPerBlock(rows, base::Communicator::SizeOf(comm_), options_);
}

MatHandle DirectSolver::Solve(Mat rhs, bool check) {
  base::FaultPoint("frequency_domain/solve");
  MatHandle x;
  Petsc(MatDuplicate(rhs, MAT_DO_NOT_COPY_VALUES, x.Out()));
  PetscInt columns = 0;
  Petsc(MatGetSize(rhs, nullptr, &columns));
  const long width = ColumnsPerBlock();
  if (check) last_residual_ = 0;
  for (long begin = 0; begin < columns; begin += width) {
    const long end = std::min<long>(columns, begin + width);
    SolveColumns(rhs, x, static_cast<PetscInt>(begin), static_cast<PetscInt>(end), check);
  }
  statistics_.max_relative_residual = std::max(statistics_.max_relative_residual, last_residual_);
  return x;
}

void DirectSolver::SolveColumns(Mat rhs, Mat x, PetscInt begin, PetscInt end, bool check) {
  const double start = MPI_Wtime();
  const Columns b(rhs, begin, end);
  const Columns u(x, begin, end);
  Petsc(MatMatSolve(factor_, b.Get(), u.Get()));
  statistics_.solve_seconds += MPI_Wtime() - start;
  statistics_.solves += end - begin;
  if (check) last_residual_ = std::max(last_residual_, LargestResidual(u.Get(), b.Get()));
}

}  // namespace symwave::solvers::fdfd
