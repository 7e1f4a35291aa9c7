#include "solvers/diffraction/row_halo.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"

namespace symwave::solvers::diffraction {

namespace {

struct RowRange {
  int first = 0, end = 0;
};

RowRange Common(const RowRange& a, const RowRange& b) {
  const int first = std::max(a.first, b.first);
  return {first, std::max(first, std::min(a.end, b.end))};
}

RowRange Widened(const RowRange& rows, int depth, int ny) {
  if (rows.first == rows.end) return rows;
  return {std::max(0, rows.first - depth), std::min(ny, rows.end + depth)};
}

}  // namespace

RowHalo::RowHalo(const PlaneShare& share, int depth)
    : comm_(share.Comm()), pixels_(share.Pixels()), nx_(share.Grid().nx) {
  const int ranks = base::Communicator::SizeOf(comm_);
  const RowRange own{share.FirstRow(), share.FirstRow() + share.Rows()};
  std::vector<RowRange> all(ranks);
  base::Mpi(MPI_Allgather(&own, 2, MPI_INT, all.data(), 2, MPI_INT, comm_));
  const int ny = share.Grid().ny;
  const RowRange wanted = Widened(own, depth, ny);
  first_row_ = wanted.first;
  rows_ = wanted.end - wanted.first;
  for (const RowRange& other : all) {
    const RowRange given = Common(own, Widened(other, depth, ny));
    const auto pixels = [this](long rows) { return base::MessageCount(rows * nx_); };
    send_counts_.push_back(pixels(given.end - given.first));
    send_offsets_.push_back(pixels(std::max(0, given.first - own.first)));
    const RowRange taken = Common(other, wanted);
    receive_counts_.push_back(pixels(taken.end - taken.first));
    receive_offsets_.push_back(pixels(std::max(0, taken.first - wanted.first)));
  }
}

Eigen::ArrayXd RowHalo::Exchange(const Eigen::ArrayXd& values) const {
  base::Require(values.size() == pixels_, "one value per pixel of this rank");
  Eigen::ArrayXd result(static_cast<long>(rows_) * nx_);
  base::Mpi(MPI_Alltoallv(values.data(), send_counts_.data(), send_offsets_.data(), MPI_DOUBLE,
                          result.data(), receive_counts_.data(), receive_offsets_.data(),
                          MPI_DOUBLE, comm_));
  return result;
}

}  // namespace symwave::solvers::diffraction
