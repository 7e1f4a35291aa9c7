#include "solvers/fdfd/sparse_columns.hpp"

#include "solvers/fdfd/block_access.hpp"

namespace symwave::solvers::fdfd {

MatHandle BlockOf(MPI_Comm comm, Mat op, const std::vector<SparseColumn>& columns, long begin,
                  long count) {
  MatHandle result = MakeBlock(comm, op, count);
  LocalBlock block(result);
  auto values = block.Values();
  for (long c = 0; c < count; ++c) {
    for (const auto& [row, value] : columns[static_cast<size_t>(begin + c)]) {
      if (block.Owns(row)) values(row - block.FirstRow(), c) = value;
    }
  }
  return result;
}

MatHandle CombinedBlock(MPI_Comm comm, Mat op, const std::vector<SparseColumn>& columns,
                        const Eigen::MatrixXcd& amplitudes) {
  MatHandle result = MakeBlock(comm, op, amplitudes.cols());
  LocalBlock block(result);
  auto values = block.Values();
  for (size_t c = 0; c < columns.size(); ++c) {
    for (const auto& [row, value] : columns[c]) {
      if (!block.Owns(row)) continue;
      values.row(row - block.FirstRow()) += value * amplitudes.row(static_cast<long>(c));
    }
  }
  return result;
}

Eigen::MatrixXcd Measure(MPI_Comm comm, const std::vector<SparseColumn>& columns, Mat x) {
  Eigen::MatrixXcd result;
  {
    LocalBlock block(x);
    const auto values = block.Values();
    result = Eigen::MatrixXcd::Zero(static_cast<long>(columns.size()), values.cols());
    for (size_t r = 0; r < columns.size(); ++r) {
      for (const auto& [row, weight] : columns[r]) {
        if (block.Owns(row)) {
          result.row(static_cast<long>(r)) += weight * values.row(row - block.FirstRow());
        }
      }
    }
  }
  SumOverRanks(comm, result);
  return result;
}

}  // namespace symwave::solvers::fdfd
