#include "solvers/fdfd/block_access.hpp"

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/messages.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;

LocalBlock::LocalBlock(Mat block) : block_(block) {
  Petsc(MatGetOwnershipRange(block, &first_, &last_));
  Petsc(MatGetSize(block, nullptr, &columns_));
  Petsc(MatDenseGetLDA(block, &stride_));
  Petsc(MatDenseGetArray(block, &values_));
}

LocalBlock::~LocalBlock() {
  MatDenseRestoreArray(block_, &values_);
}

Eigen::Map<Eigen::MatrixXcd, 0, Eigen::OuterStride<>> LocalBlock::Values() {
  return {values_, Rows(), columns_, Eigen::OuterStride<>(std::max<PetscInt>(stride_, 1))};
}

Eigen::MatrixXcd GatherRows(MPI_Comm comm, Mat block, const std::vector<long>& rows) {
  PetscInt columns = 0;
  Petsc(MatGetSize(block, nullptr, &columns));
  Eigen::MatrixXcd gathered = Eigen::MatrixXcd::Zero(static_cast<long>(rows.size()), columns);
  {
    LocalBlock local(block);
    const auto values = local.Values();
    for (size_t k = 0; k < rows.size(); ++k) {
      if (local.Owns(rows[k])) gathered.row(k) = values.row(rows[k] - local.FirstRow());
    }
  }
  SumOverRanks(comm, gathered);
  return gathered;
}

MatHandle MakeBlock(MPI_Comm comm, Mat op, long columns) {
  PetscInt local = 0;
  PetscInt global = 0;
  Petsc(MatGetLocalSize(op, &local, nullptr));
  Petsc(MatGetSize(op, &global, nullptr));
  // PETSc counts the values of the fullest rank in 32 bits; that of the ranks decides here, too.
  const long ranks = base::Communicator::SizeOf(comm);
  base::CheckedCast<PetscInt>(columns * (global / ranks), "values of right-hand sides on one rank");
  MatHandle block;
  Petsc(MatCreateDense(comm, local, PETSC_DECIDE, global,
                       base::CheckedCast<PetscInt>(columns, "right-hand sides"), nullptr,
                       block.Out()));
  Petsc(MatAssemblyBegin(block, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(block, MAT_FINAL_ASSEMBLY));
  return block;
}

void SumOverRanks(MPI_Comm comm, Eigen::MatrixXcd& values) {
  base::SumInPlace(comm, values.data(), static_cast<size_t>(values.size()));
}

}  // namespace symwave::solvers::fdfd
