// The operator of a range of columns as a distributed PETSc matrix.
#pragma once

#include "solvers/fdfd/stencil.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// Entries of one row, at most five; the first one is the diagonal.
struct Row {
  PetscInt columns[5];
  PetscScalar values[5];
  PetscInt count = 0;
  void Add(PetscInt column, Complex value) {
    columns[count] = column;
    values[count++] = value;
  }
};

/// Row of cell (i, j) in the operator of the columns `range`, numbered
/// first_row + (i - range.begin) * Ny + j.
Row OperatorRow(const Stencil& stencil, domain::ColumnRange range, int i, int j,
                PetscInt first_row = 0);

/// The part of `range` that this rank of `comm` owns.
domain::ColumnRange MyColumns(MPI_Comm comm, domain::ColumnRange range);

/// Collective on `comm`. Matrix of the columns `range`, rank r owns PartitionColumns(range, r,
/// size). The stencil must cover this rank's columns. Where the range ends inside the grid, the
/// coupling to the next column is left out and its flux stays on the diagonal, as if u were zero
/// there. Complex-symmetric to the last bit.
MatHandle AssembleOperator(MPI_Comm comm, const Stencil& stencil, domain::ColumnRange range);

}  // namespace symwave::solvers::fdfd
