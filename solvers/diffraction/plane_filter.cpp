#include "solvers/diffraction/plane_filter.hpp"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "solvers/diffraction/filter_lines.hpp"
#include "solvers/diffraction/transpose.hpp"

namespace symwave::solvers::diffraction {

template <class Real>
struct PlaneFilter<Real>::Plans {
  using Complex = std::complex<Real>;

  Plans(const PlaneShare& plane_share, const Band& x, const Band& y, const Transfer& transfer,
        int thread_count)
      : share(plane_share),
        threads(thread_count),
        transpose(plane_share, x.Count()),
        lines(share.Grid(), x, y, transfer, transpose.FirstColumn(), transpose.Columns()) {
    for (int t = 0; t < threads; ++t) scratch.push_back(lines.Scratch());
    columns.resize(share.Whole() ? threads : 1);
  }

  /// Columns of thread t, made when it first needs them.
  Complex* ColumnsOf(int t) {
    if (columns[t].Size() == 0) columns[t] = FftBuffer<Real>(transpose.SendSize());
    return columns[t].Data();
  }

  void Run(Fields<Real>& fields);
  void PlaneOfOneThread(Complex* plane, int t);
  void PlaneOfAllThreads(Complex* plane);
  void RowBlock(Complex* plane, int block, Complex* to, int t, bool back);

  PlaneShare share;
  int threads;
  Transpose<Real> transpose;
  FilterLines<Real> lines;
  std::vector<LineScratch<Real>> scratch;  ///< of each thread
  std::vector<FftBuffer<Real>> columns;    ///< of each thread that takes whole planes
  FilterWork work;
};

template <class Real>
void PlaneFilter<Real>::Plans::RowBlock(Complex* plane, int block, Complex* at, int t, bool back) {
  const int first = block * kRowBlock;
  const int count = std::min(kRowBlock, share.Rows() - first);
  Complex* rows = plane + static_cast<long>(first) * share.Grid().nx;
  if (back) {
    lines.ColumnsToRows(at + first, transpose.Stride(), rows, count, scratch[t]);
  } else {
    lines.RowsToColumns(rows, count, at + first, transpose.Stride(), scratch[t]);
  }
}

template <class Real>
void PlaneFilter<Real>::Plans::PlaneOfOneThread(Complex* plane, int t) {
  if (share.Grid().ny == 1) return lines.FilterRow(plane, scratch[t]);
  Complex* at = ColumnsOf(t);
  const int blocks = (share.Rows() + kRowBlock - 1) / kRowBlock;
  for (int block = 0; block < blocks; ++block) RowBlock(plane, block, at, t, false);
  for (int c = 0; c < transpose.Columns(); ++c) {
    lines.FilterColumn(at, c, transpose.Pieces(), scratch[t]);
  }
  for (int block = 0; block < blocks; ++block) RowBlock(plane, block, at, t, true);
}

template <class Real>
void PlaneFilter<Real>::Plans::PlaneOfAllThreads(Complex* plane) {
  Complex* at = ColumnsOf(0);
  const int blocks = (share.Rows() + kRowBlock - 1) / kRowBlock;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int block = 0; block < blocks; ++block) {
    RowBlock(plane, block, at, omp_get_thread_num(), false);
  }
  Complex* here = transpose.ToColumns(at);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int c = 0; c < transpose.Columns(); ++c) {
    lines.FilterColumn(here, c, transpose.Pieces(), scratch[omp_get_thread_num()]);
  }
  transpose.ToRows(here, at);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int block = 0; block < blocks; ++block) {
    RowBlock(plane, block, at, omp_get_thread_num(), true);
  }
}

template <class Real>
void PlaneFilter<Real>::Plans::Run(Fields<Real>& fields) {
  base::Require(fields.rows() == share.Pixels(), "fields have the pixels of this rank");
  const auto start = std::chrono::steady_clock::now();
  for (auto& one : scratch) one.fft_seconds = 0;
  const long planes = fields.cols();
  const bool one_row = share.Grid().ny == 1 && share.Rows() == 1;
  const long dealt = one_row                              ? planes
                     : share.Whole() && transpose.Whole() ? planes - planes % threads
                                                          : 0;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (long p = 0; p < dealt; ++p) {
    PlaneOfOneThread(fields.data() + p * fields.rows(), omp_get_thread_num());
  }
  if (share.Grid().ny > 1) {
    for (long p = dealt; p < planes; ++p) PlaneOfAllThreads(fields.data() + p * fields.rows());
  }
  work.planes += planes;
  for (const auto& one : scratch) work.fft_seconds += one.fft_seconds / threads;
  work.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class Real>
PlaneFilter<Real>::PlaneFilter(const PlaneShare& share, const Band& x, const Band& y,
                               const Transfer& transfer, int threads)
    : plans_(std::make_unique<Plans>(share, x, y, transfer, threads)) {}

template <class Real>
PlaneFilter<Real>::~PlaneFilter() = default;

template <class Real>
void PlaneFilter<Real>::Apply(Fields<Real>& fields) const {
  plans_->Run(fields);
}

template <class Real>
FilterWork PlaneFilter<Real>::Work() const {
  return plans_->work;
}

template <class Real>
double PlaneFilter<Real>::Bytes() const {
  double numbers = plans_->transpose.ReceiveSize();
  for (const auto& columns : plans_->columns) {
    numbers += columns.Size() > 0 ? columns.Size() : plans_->transpose.SendSize();
  }
  double bytes = plans_->lines.Bytes() + sizeof(std::complex<Real>) * numbers;
  for (const auto& one : plans_->scratch) bytes += one.Bytes();
  return bytes;
}

template class PlaneFilter<float>;
template class PlaneFilter<double>;

}  // namespace symwave::solvers::diffraction
