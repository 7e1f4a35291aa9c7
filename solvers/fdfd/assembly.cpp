#include "solvers/fdfd/assembly.hpp"

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"

namespace symwave::solvers::fdfd {

using base::Petsc;

namespace {

/// A neighbour of a point, and what its value there is multiplied with.
struct Neighbour {
  bool inside = true;
  int i = 0, j = 0;
  Complex phase = 1;
};

Neighbour NeighbourOf(const PlanePoints& points, ColumnRange range, int i, int j) {
  Neighbour to{true, i, j, 1};
  int* index[] = {&to.i, &to.j};
  for (int axis = 0; axis < 2; ++axis) {
    const int n = points.Count(axis);
    if (*index[axis] >= 0 && *index[axis] < n) continue;
    if (!points.Periodic(axis)) return {false};
    const bool beyond = *index[axis] >= n;
    *index[axis] += beyond ? -n : n;
    const double phase = points.Lattice().BlochPhase(axis);
    if (phase != 0) to.phase *= std::exp(Complex(0, beyond ? phase : -phase));
  }
  to.inside = to.i >= range.begin && to.i < range.end;
  return to;
}

class RowMaker {
 public:
  RowMaker(const Stencil& stencil, ColumnRange range, PetscInt first_row)
      : stencil_(stencil), range_(range), first_(first_row) {}

  Row Make(int i, int j) {
    row_.Add(Number(i, j), stencil_.Diagonal(i, j));
    Add(i - 1, j, -stencil_.FluxX(i, j));
    Add(i + 1, j, -stencil_.FluxX(i + 1, j));
    Add(i, j - 1, -stencil_.FluxY(i, j));
    Add(i, j + 1, -stencil_.FluxY(i, j + 1));
    if (!stencil_.Media().Coupled()) return row_;
    for (const int y : {j, j + 1}) {
      for (const int x : {i, i + 1}) AddNode(x, y, i, j);
    }
    return row_;
  }

 private:
  PetscInt Number(int i, int j) const {
    return first_ + (i - range_.begin) * static_cast<PetscInt>(stencil_.Points().Ny()) + j;
  }
  void Add(int i, int j, Complex value) {
    const Neighbour to = NeighbourOf(stencil_.Points(), range_, i, j);
    if (to.inside) row_.Add(Number(to.i, to.j), to.phase == 1.0 ? value : to.phase * value);
  }
  void AddNode(int x, int y, int i, int j) {
    if (stencil_.Media().Gamma(x, y) == 0.0) return;
    const Stencil::NodeForm form = stencil_.FormOfNode(x, y);
    const auto own = static_cast<size_t>(i - x + 1) + 2 * static_cast<size_t>(j - y + 1);
    for (size_t q = 0; q < 4; ++q) {
      Add(x - 1 + static_cast<int>(q % 2), y - 1 + static_cast<int>(q / 2), form[own][q]);
    }
  }

  const Stencil& stencil_;
  ColumnRange range_;
  PetscInt first_;
  Row row_;
};

}  // namespace

void Row::Add(PetscInt column, Complex value) {
  PetscInt at = 0;
  while (at < count && columns[at] != column) ++at;
  if (at == count) {
    columns[count++] = column;
    values[at] = value;
  } else {
    values[at] += value;
  }
}

Row OperatorRow(const Stencil& stencil, ColumnRange range, int i, int j, PetscInt first_row) {
  return RowMaker(stencil, range, first_row).Make(i, j);
}

ColumnRange MyColumns(MPI_Comm comm, ColumnRange range) {
  return domain::PartitionColumns(range, base::Communicator::RankIn(comm),
                                  base::Communicator::SizeOf(comm));
}

MatHandle AssembleOperator(MPI_Comm comm, const Stencil& stencil, ColumnRange range) {
  const ColumnRange mine = MyColumns(comm, range);
  const int ny = stencil.Points().Ny();
  // Of the fullest rank, so that all ranks refuse alike.
  const long fullest = (range.Count() - 1L) / base::Communicator::SizeOf(comm) + 1;
  base::CheckedCast<PetscInt>(Row::kMostEntries * fullest * ny, "matrix entries of one rank");
  const auto local = base::CheckedCast<PetscInt>(static_cast<long>(mine.Count()) * ny, "unknowns");
  MatHandle matrix;
  const bool coupled = stencil.Media().Coupled();
  const PetscInt beside = coupled ? 6 : 2;  // entries of the columns before and behind
  Petsc(MatCreateAIJ(comm, local, local, PETSC_DETERMINE, PETSC_DETERMINE,
                     coupled ? Row::kMostEntries : 5, nullptr, beside, nullptr, matrix.Out()));
  for (int i = mine.begin; i < mine.end; ++i) {
    for (int j = 0; j < ny; ++j) {
      const Row row = OperatorRow(stencil, range, i, j);
      Petsc(MatSetValues(matrix, 1, &row.columns[0], row.count, row.columns, row.values,
                         INSERT_VALUES));
    }
  }
  Petsc(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  const bool symmetric = !stencil.Points().Lattice().HasBlochPhase();
  Petsc(MatSetOption(matrix, MAT_SYMMETRIC, symmetric ? PETSC_TRUE : PETSC_FALSE));
  return matrix;
}

}  // namespace symwave::solvers::fdfd
