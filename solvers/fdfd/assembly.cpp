#include "solvers/fdfd/assembly.hpp"

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;

namespace {

constexpr PetscInt kMostEntries = 5;  // of a row

}  // namespace

Row OperatorRow(const Stencil& stencil, domain::ColumnRange range, int i, int j,
                PetscInt first_row) {
  const int ny = stencil.Grid().Ny();
  const PetscInt row = first_row + (i - range.begin) * static_cast<PetscInt>(ny) + j;
  Row entries;
  entries.Add(row, stencil.Diagonal(i, j));
  if (i > range.begin) entries.Add(row - ny, -stencil.FluxX(i, j));
  if (i + 1 < range.end) entries.Add(row + ny, -stencil.FluxX(i + 1, j));
  if (j > 0) entries.Add(row - 1, -stencil.FluxY(i, j));
  if (j + 1 < ny) entries.Add(row + 1, -stencil.FluxY(i, j + 1));
  return entries;
}

domain::ColumnRange MyColumns(MPI_Comm comm, domain::ColumnRange range) {
  return domain::PartitionColumns(range, base::Communicator::RankIn(comm),
                                  base::Communicator::SizeOf(comm));
}

MatHandle AssembleOperator(MPI_Comm comm, const Stencil& stencil, domain::ColumnRange range) {
  const domain::ColumnRange mine = MyColumns(comm, range);
  const int ny = stencil.Grid().Ny();
  // Of the fullest rank, so that all ranks refuse alike.
  const long fullest = (range.Count() - 1L) / base::Communicator::SizeOf(comm) + 1;
  base::CheckedCast<PetscInt>(kMostEntries * fullest * ny, "matrix entries of one rank");
  const auto local = base::CheckedCast<PetscInt>(static_cast<long>(mine.Count()) * ny, "unknowns");
  MatHandle matrix;
  Petsc(MatCreateAIJ(comm, local, local, PETSC_DETERMINE, PETSC_DETERMINE, kMostEntries, nullptr, 2,
                     nullptr, matrix.Out()));
  for (int i = mine.begin; i < mine.end; ++i) {
    for (int j = 0; j < ny; ++j) {
      const Row row = OperatorRow(stencil, range, i, j);
      Petsc(MatSetValues(matrix, 1, &row.columns[0], row.count, row.columns, row.values,
                         INSERT_VALUES));
    }
  }
  Petsc(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatSetOption(matrix, MAT_SYMMETRIC, PETSC_TRUE));
  return matrix;
}

}  // namespace symwave::solvers::fdfd
