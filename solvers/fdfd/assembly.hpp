// The operator of a range of columns as a distributed PETSc matrix.
#pragma once

#include "solvers/fdfd/stencil.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::fdfd {

/// Entries of one row: the point, its four neighbours and, of coupled nodes, the four beyond the
/// corners; the first one is the diagonal.
struct Row {
  static constexpr PetscInt kMostEntries = 9;
  PetscInt columns[kMostEntries];
  PetscScalar values[kMostEntries];
  PetscInt count = 0;
  /// To the entry of this column, which is new or there already.
  void Add(PetscInt column, Complex value);
};

/// Row of point (i, j) in the operator of the columns `range`, numbered
/// first_row + (i - range.begin) * Ny + j. Along periodic axes the last point and the first are
/// neighbours, up to the Bloch phase, where the range holds both.
Row OperatorRow(const Stencil& stencil, ColumnRange range, int i, int j, PetscInt first_row = 0);

/// The part of `range` that this rank of `comm` owns.
ColumnRange MyColumns(MPI_Comm comm, ColumnRange range);

/// Collective on `comm`. Matrix of the columns `range`, rank r owns PartitionColumns(range, r,
/// size). The stencil must cover this rank's columns. Where the range ends inside the grid, the
/// coupling to the next column is left out and its flux stays on the diagonal, as if u were zero
/// there. Complex-symmetric to the last bit, but for a Bloch phase, whose
/// transpose is the operator of the opposite phase.
MatHandle AssembleOperator(MPI_Comm comm, const Stencil& stencil, ColumnRange range);

}  // namespace symwave::solvers::fdfd
