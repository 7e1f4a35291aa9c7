#include "solvers/fdfd/condensed_part.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// Right-hand sides at a time: bounds the memory of the elimination.
constexpr long kSolveBlock = 64;

}  // namespace

Eigen::MatrixXcd EliminatedRows(MPI_Comm comm, DirectSolver& solver, Mat op,
                                const std::vector<SparseColumn>& columns,
                                const std::vector<long>& rows) {
  const auto count = static_cast<long>(columns.size());
  const auto wanted = static_cast<long>(rows.size());
  const long block = std::min(kSolveBlock, solver.ColumnsPerBlock());
  // K is symmetric but for rounding: the mean of a row and its column.
  Eigen::MatrixXcd of_rows(wanted, count), of_columns(wanted, count);
  for (long begin = 0; begin < count; begin += block) {
    const long width = std::min(block, count - begin);
    const MatHandle x = solver.Solve(BlockOf(comm, op, columns, begin, width));
    const Eigen::MatrixXcd measured = Measure(comm, columns, x);
    for (long r = 0; r < wanted; ++r) {
      const long row = rows[static_cast<size_t>(r)];
      of_rows.row(r).segment(begin, width) = measured.row(row);
      if (row >= begin && row < begin + width) {
        of_columns.row(r) = measured.col(row - begin).transpose();
      }
    }
  }
  return 0.5 * (of_rows + of_columns);
}

void CondensedPart::CoupleToStrips(int ny) {
  const auto couple = [&](long offset, const Eigen::SparseMatrix<std::complex<double>>& border) {
    for (Eigen::MatrixXcd* k : {&k_own, &k_ports}) {
      k->middleCols(offset, ny) = (k->middleCols(offset, ny) * border).eval();
    }
    const auto own = std::find(own_rows.begin(), own_rows.end(), offset);
    if (own == own_rows.end()) return;  // a rank owns whole columns
    const long first = own - own_rows.begin();
    k_own.middleRows(first, ny) = (border.transpose() * k_own.middleRows(first, ny)).eval();
  };
  if (left_line) couple(0, left_border);
  if (right_line) couple(RightOffset(ny), right_border);
}

std::vector<long> MirroredRows(const CondensedPart& source, const CondensedPart& image, int ny,
                               const std::vector<int>& port_images) {
  std::vector<long> rows;
  for (long j = 0; image.left_line && j < ny; ++j) rows.push_back(source.RightOffset(ny) + j);
  for (long j = 0; image.right_line && j < ny; ++j) rows.push_back(j);
  for (const int p : image.ports) {
    const auto found = std::find(source.ports.begin(), source.ports.end(), port_images[p]);
    base::Require(found != source.ports.end(), "ports of mirrored parts are mirror images");
    rows.push_back(source.PortOffset(ny) + (found - source.ports.begin()));
  }
  return rows;
}

}  // namespace symwave::solvers::fdfd
