#include "solvers/diffraction/transpose.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"

namespace symwave::solvers::diffraction {

namespace {

template <class Real>
MPI_Datatype ComplexType() {
  return sizeof(Real) == sizeof(float) ? MPI_C_FLOAT_COMPLEX : MPI_C_DOUBLE_COMPLEX;
}

int Block(int count, int ranks) {
  return (count + ranks - 1) / ranks;
}

/// Numbers from column to column: an odd count of kLineAlignment, so that the same row of many
/// columns does not fall on the same places of a cache.
long ColumnStride(int rows, int width) {
  const long lines = RoundUp(static_cast<long>(rows) * width, kLineAlignment) / kLineAlignment;
  return (lines | 1) * kLineAlignment;
}

}  // namespace

template <class Real>
Transpose<Real>::Transpose(const PlaneShare& share, int columns, int width)
    : comm_(share.Comm()), stride_(ColumnStride(share.Rows(), width)) {
  const int ranks = base::Communicator::SizeOf(comm_);
  const int rank = base::Communicator::RankIn(comm_);
  const int ny = share.Grid().ny;
  const int row_block = Block(ny, ranks), column_block = Block(columns, ranks);
  const auto first_of = [](int r, int block, int count) { return std::min(count, r * block); };
  const auto count_of = [&](int r, int block, int count) {
    return std::min(block, count - first_of(r, block, count));
  };
  whole_ = ranks == 1 || ny == 1;
  send_size_ = columns * stride_;
  first_column_ = whole_ ? 0 : first_of(rank, column_block, columns);
  columns_ = whole_ ? columns : count_of(rank, column_block, columns);
  if (whole_) {
    pieces_.push_back({0, stride_, 0, share.Rows()});
    return;
  }
  long received = 0;
  for (int r = 0; r < ranks; ++r) {
    const int rows = count_of(r, row_block, ny);
    const long stride = ColumnStride(rows, width);
    if (rows > 0) pieces_.push_back({received, stride, first_of(r, row_block, ny), rows});
    receive_offsets_.push_back(base::MessageCount(received));
    receive_counts_.push_back(base::MessageCount(columns_ * stride));
    received += columns_ * stride;
    send_offsets_.push_back(base::MessageCount(first_of(r, column_block, columns) * stride_));
    send_counts_.push_back(base::MessageCount(count_of(r, column_block, columns) * stride_));
  }
  receive_ = FftBuffer<Real>(received);
}

template <class Real>
std::complex<Real>* Transpose<Real>::ToColumns(Complex* columns) {
  base::FaultPoint("diffraction/transpose");
  if (whole_) return columns;
  base::Mpi(MPI_Alltoallv(columns, send_counts_.data(), send_offsets_.data(), ComplexType<Real>(),
                          receive_.Data(), receive_counts_.data(), receive_offsets_.data(),
                          ComplexType<Real>(), comm_));
  return receive_.Data();
}

template <class Real>
void Transpose<Real>::ToRows(Complex* here, Complex* columns) {
  if (whole_) return;
  base::Mpi(MPI_Alltoallv(here, receive_counts_.data(), receive_offsets_.data(),
                          ComplexType<Real>(), columns, send_counts_.data(), send_offsets_.data(),
                          ComplexType<Real>(), comm_));
}

template class Transpose<float>;
template class Transpose<double>;

}  // namespace symwave::solvers::diffraction
