#include "solvers/modes/waveguide_pairs.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::solvers::modes {

using base::Communicator;
using base::Mpi;
using base::Petsc;

namespace {

/// Relative distance of eigenvalues that count as one.
constexpr double kDegenerate = 1e-9;

Complex Dot(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  Complex sum = 0;
  for (size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

EpsHandle MakeEps(MPI_Comm comm, Mat matrix, Mat inverse, PetscInt wanted, double target) {
  EpsHandle eps;
  Petsc(EPSCreate(comm, eps.Out()));
  Petsc(EPSSetOperators(eps, matrix, inverse));
  Petsc(EPSSetProblemType(eps, EPS_GNHEP));
  PetscInt rows = 0;
  Petsc(MatGetSize(matrix, &rows, nullptr));
  Petsc(EPSSetDimensions(eps, wanted, std::min<PetscInt>(rows, 2 * wanted + 12), PETSC_DEFAULT));
  Petsc(EPSSetTarget(eps, target));
  Petsc(EPSSetWhichEigenpairs(eps, EPS_TARGET_MAGNITUDE));
  Petsc(EPSSetTolerances(eps, 1e-12, 200));
  ST st = nullptr;
  KSP ksp = nullptr;
  PC pc = nullptr;
  Petsc(EPSGetST(eps, &st));
  Petsc(STSetType(st, STSINVERT));
  Petsc(STGetKSP(st, &ksp));
  Petsc(KSPSetType(ksp, KSPPREONLY));
  Petsc(KSPGetPC(ksp, &pc));
  Petsc(PCSetType(pc, PCLU));
  Petsc(PCFactorSetMatSolverType(pc, MATSOLVERMUMPS));
  return eps;
}

/// A start vector without symmetry, the same for every partition.
VecHandle StartVector(Mat matrix) {
  VecHandle start;
  Petsc(MatCreateVecs(matrix, start.Out(), nullptr));
  PetscInt begin = 0;
  PetscInt end = 0;
  Petsc(VecGetOwnershipRange(start, &begin, &end));
  for (PetscInt k = begin; k < end; ++k) {
    const double x = 2.1 * static_cast<double>(k);
    Petsc(VecSetValue(start, k, 1.0 + 0.37 * std::cos(x) + 0.21 * std::sin(x * x), INSERT_VALUES));
  }
  Petsc(VecAssemblyBegin(start));
  Petsc(VecAssemblyEnd(start));
  return start;
}

/// All entries on every rank of the vector's communicator.
std::vector<Complex> Gathered(Vec vector) {
  VecHandle all;
  VecScatter scatter = nullptr;
  Petsc(VecScatterCreateToAll(vector, &scatter, all.Out()));
  Petsc(VecScatterBegin(scatter, vector, all, INSERT_VALUES, SCATTER_FORWARD));
  Petsc(VecScatterEnd(scatter, vector, all, INSERT_VALUES, SCATTER_FORWARD));
  Petsc(VecScatterDestroy(&scatter));
  PetscInt size = 0;
  const PetscScalar* entries = nullptr;
  Petsc(VecGetSize(all, &size));
  Petsc(VecGetArrayRead(all, &entries));
  std::vector<Complex> values(entries, entries + size);
  Petsc(VecRestoreArrayRead(all, &entries));
  return values;
}

std::vector<PlanePair> SolveOn(MPI_Comm comm, const PlaneOperator& op, int wanted) {
  const MatHandle matrix = op.Assemble(comm);
  const double w2 = op.Frequency() * op.Frequency();
  const MatHandle inverse = op.AssembleInverse(comm);
  const EpsHandle eps =
      MakeEps(comm, matrix, inverse, wanted, 1.001 * w2 * op.LargestIndexSquared() + 1e-6);
  const VecHandle start = StartVector(matrix);
  Vec initial = start;
  Petsc(EPSSetInitialSpace(eps, 1, &initial));
  Petsc(EPSSolve(eps));
  PetscInt converged = 0;
  Petsc(EPSGetConverged(eps, &converged));
  VecHandle vector;
  Petsc(VecDuplicate(start, vector.Out()));
  std::vector<PlanePair> pairs;
  for (PetscInt k = 0; k < std::min<PetscInt>(converged, wanted); ++k) {
    PetscScalar value = 0;
    Petsc(EPSGetEigenpair(eps, k, &value, nullptr, vector, nullptr));
    pairs.push_back({value, Gathered(vector)});
  }
  return pairs;
}

/// The pairs of rank 0 on all ranks of `comm`.
void Share(MPI_Comm comm, int unknowns, std::vector<PlanePair>& pairs) {
  int count = static_cast<int>(pairs.size());
  Mpi(MPI_Bcast(&count, 1, MPI_INT, 0, comm));
  pairs.resize(count);
  for (PlanePair& pair : pairs) {
    pair.d.resize(unknowns);
    Mpi(MPI_Bcast(&pair.kappa2, 1, MPI_CXX_DOUBLE_COMPLEX, 0, comm));
    Mpi(MPI_Bcast(pair.d.data(), unknowns, MPI_CXX_DOUBLE_COMPLEX, 0, comm));
  }
}

/// Columns are the eigenvectors of a small complex-symmetric matrix, orthonormal without conjugate,
/// largest modulus of the eigenvalue first; the identity where they cannot be told apart.
Eigen::MatrixXcd SymmetricEigenvectors(const Eigen::MatrixXcd& matrix) {
  const Eigen::ComplexEigenSolver<Eigen::MatrixXcd> solver(matrix);
  std::vector<Eigen::Index> order(matrix.cols());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    return std::abs(solver.eigenvalues()[a]) > std::abs(solver.eigenvalues()[b]);
  });
  Eigen::MatrixXcd turn(matrix.rows(), matrix.cols());
  for (Eigen::Index k = 0; k < matrix.cols(); ++k) {
    const Eigen::VectorXcd vector = solver.eigenvectors().col(order[k]);
    turn.col(k) = vector / std::sqrt(Complex(vector.transpose() * vector));
  }
  const auto identity = Eigen::MatrixXcd::Identity(matrix.rows(), matrix.cols());
  const bool orthonormal = (turn.transpose() * turn - identity).norm() < 1e-9;
  return orthonormal ? turn : Eigen::MatrixXcd(identity);
}

/// Makes pairs [begin, end) of one eigenvalue orthonormal in e^T K d' (Gram and Schmidt).
void Orthonormalize(const PlaneOperator& op, std::vector<PlanePair>& pairs, size_t begin,
                    size_t end) {
  for (size_t k = begin; k < end; ++k) {
    for (size_t m = begin; m <= k; ++m) {
      const Complex projection = Dot(op.Stiffness(pairs[m].d), op.Electric(pairs[k].d));
      for (size_t p = 0; p < pairs[k].d.size(); ++p) {
        if (m < k) pairs[k].d[p] -= projection * pairs[m].d[p];
        if (m == k) pairs[k].d[p] /= std::sqrt(projection);
      }
    }
  }
}

/// Combines pairs [begin, end) of one eigenvalue such that the sums of e_u e_u' vanish too.
void Separate(const PlaneOperator& op, std::vector<PlanePair>& pairs, size_t begin, size_t end) {
  Orthonormalize(op, pairs, begin, end);
  const auto size = static_cast<Eigen::Index>(end - begin);
  Eigen::MatrixXcd share(size, size);
  for (Eigen::Index k = 0; k < size; ++k) {
    for (Eigen::Index m = 0; m < size; ++m) {
      share(m, k) = Dot(op.Spread(op.Electric(pairs[begin + m].d), 0),
                        op.Spread(op.Electric(pairs[begin + k].d), 0));
    }
  }
  const Eigen::MatrixXcd turn = SymmetricEigenvectors(share);
  std::vector<PlanePair> turned(pairs.begin() + begin, pairs.begin() + end);
  for (Eigen::Index k = 0; k < size; ++k) {
    for (size_t p = 0; p < turned[k].d.size(); ++p) {
      turned[k].d[p] = 0;
      for (Eigen::Index m = 0; m < size; ++m) turned[k].d[p] += turn(m, k) * pairs[begin + m].d[p];
    }
  }
  std::move(turned.begin(), turned.end(), pairs.begin() + begin);
}

}  // namespace

std::vector<PlanePair> LargestPairs(MPI_Comm comm, const PlaneOperator& op, int count,
                                    int rows_per_rank) {
  // One more than asked for, so that no degenerate pair is cut.
  const int wanted = std::min(count + 1, op.Unknowns());
  const int solving = std::clamp(op.Unknowns() / rows_per_rank, 1, Communicator::SizeOf(comm));
  const bool solves = Communicator::RankIn(comm) < solving;
  std::vector<PlanePair> pairs;
  {
    const Communicator part = Communicator::Split(comm, solves ? 0 : 1);
    if (solves) pairs = SolveOn(part.Get(), op, wanted);
  }
  Share(comm, op.Unknowns(), pairs);
  if (static_cast<int>(pairs.size()) < std::min(count, op.Unknowns())) {
    base::Fail(
        "SLEPc found only {} of {} modes of a cross-section with {} unknowns: ask for fewer "
        "modes",
        pairs.size(), count, op.Unknowns());
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const PlanePair& a, const PlanePair& b) {
    return a.kappa2.real() > b.kappa2.real();
  });
  for (size_t begin = 0, end = 0; begin < pairs.size(); begin = end) {
    const double width = kDegenerate * std::abs(pairs[begin].kappa2);
    while (end < pairs.size() && std::abs(pairs[end].kappa2 - pairs[begin].kappa2) <= width) ++end;
    if (end - begin > 1) Separate(op, pairs, begin, end);
  }
  if (static_cast<int>(pairs.size()) > count) pairs.resize(count);
  return pairs;
}

}  // namespace symwave::solvers::modes
