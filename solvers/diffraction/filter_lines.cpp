#include "solvers/diffraction/filter_lines.hpp"

#include <algorithm>
#include <chrono>

namespace symwave::solvers::diffraction {

namespace {

using Clock = std::chrono::steady_clock;

template <class Real>
void Transform(const FftLine<Real>& line, const std::complex<Real>* in, std::complex<Real>* out,
               double& seconds) {
  const Clock::time_point start = Clock::now();
  line.Execute(in, out);
  seconds += std::chrono::duration<double>(Clock::now() - start).count();
}

/// band[m] = h[|m|] spectrum[m] for all |m| <= half.
template <class Real>
void Multiply(const std::complex<Real>* spectrum, const std::complex<Real>* h, int half, int length,
              std::complex<Real>* band) {
  for (int m = 0; m <= half; ++m) band[m] = Product(spectrum[m], h[m]);
  const int last = std::min(half, length - half - 1);
  for (int m = 1; m <= last; ++m) band[length - m] = Product(spectrum[length - m], h[m]);
}

}  // namespace

template <class Real>
LineScratch<Real>::LineScratch(int length_x, int length_y)
    : row(length_x),
      rows(kRowBlock * RoundUp(length_x, kLineAlignment)),
      band_rows(kRowBlock * RoundUp(length_x, kLineAlignment)),
      row_out(length_x),
      column(length_y),
      spectrum(length_y),
      band_column(length_y),
      column_out(length_y) {}

template <class Real>
FilterLines<Real>::FilterLines(const PlaneGrid& grid, const Band& x, const Band& y,
                               const Transfer& transfer, int first_column, int columns)
    : grid_(grid),
      x_(x),
      y_(y),
      first_column_(first_column),
      columns_(columns),
      forward_x_(x_.length, FftLine<Real>::Direction::Forward),
      inverse_x_(x_.length, FftLine<Real>::Direction::Inverse),
      forward_y_(y_.length, FftLine<Real>::Direction::Forward),
      inverse_y_(y_.length, FftLine<Real>::Direction::Inverse) {
  FillTransfer(transfer);
}

template <class Real>
void FilterLines<Real>::FillTransfer(const Transfer& transfer) {
  line_stride_ = RoundUp(y_.half + 1, kLineAlignment);
  transfer_ = FftBuffer<Real>(columns_ * line_stride_);
  const double scale = 1.0 / (static_cast<double>(x_.length) * y_.length);
  for (int c = 0; c < columns_; ++c) {
    const int index = x_.index[first_column_ + c];
    const double fx = x_.Order(index) * x_.step;
    for (int m = 0; m <= y_.half; ++m) {
      std::complex<double> h = transfer(fx, m * y_.step);
      if (x_.IsNyquist(index)) h = 0.5 * (h + transfer(-fx, m * y_.step));
      transfer_.Data()[c * line_stride_ + m] = std::complex<Real>(scale * h);
    }
  }
}

template <class Real>
void FilterLines<Real>::RowsToColumns(const Complex* rows, int count, Complex* columns, long stride,
                                      LineScratch<Real>& scratch) const {
  const long line = RoundUp(x_.length, kLineAlignment);
  for (int r = 0; r < count; ++r) {
    std::copy_n(rows + static_cast<long>(r) * grid_.nx, grid_.nx, scratch.row.Data());
    Transform(forward_x_, scratch.row.Data(), scratch.rows.Data() + r * line, scratch.fft_seconds);
  }
  for (int c = 0; c < x_.Count(); ++c) {
    const Complex* from = scratch.rows.Data() + x_.index[c];
    Complex* to = columns + c * stride;
    for (int r = 0; r < kRowBlock; ++r) to[r] = from[r * line];
  }
}

template <class Real>
void FilterLines<Real>::ColumnsToRows(const Complex* columns, long stride, Complex* rows, int count,
                                      LineScratch<Real>& scratch) const {
  const long line = RoundUp(x_.length, kLineAlignment);
  for (int c = 0; c < x_.Count(); ++c) {
    const Complex* from = columns + c * stride;
    Complex* to = scratch.band_rows.Data() + x_.index[c];
    for (int r = 0; r < kRowBlock; ++r) to[r * line] = from[r];
  }
  for (int r = 0; r < count; ++r) {
    Transform(inverse_x_, scratch.band_rows.Data() + r * line, scratch.row_out.Data(),
              scratch.fft_seconds);
    std::copy_n(scratch.row_out.Data(), grid_.nx, rows + static_cast<long>(r) * grid_.nx);
  }
}

template <class Real>
void FilterLines<Real>::FilterColumn(Complex* columns, int c,
                                     const std::vector<ColumnPiece>& pieces,
                                     LineScratch<Real>& scratch) const {
  for (const ColumnPiece& piece : pieces) {
    std::copy_n(columns + piece.offset + c * piece.stride, piece.rows,
                scratch.column.Data() + piece.first_row);
  }
  Transform(forward_y_, scratch.column.Data(), scratch.spectrum.Data(), scratch.fft_seconds);
  Multiply(scratch.spectrum.Data(), transfer_.Data() + c * line_stride_, y_.half, y_.length,
           scratch.band_column.Data());
  Transform(inverse_y_, scratch.band_column.Data(), scratch.column_out.Data(), scratch.fft_seconds);
  for (const ColumnPiece& piece : pieces) {
    std::copy_n(scratch.column_out.Data() + piece.first_row, piece.rows,
                columns + piece.offset + c * piece.stride);
  }
}

template <class Real>
void FilterLines<Real>::FilterRow(Complex* row, LineScratch<Real>& scratch) const {
  std::copy_n(row, grid_.nx, scratch.row.Data());
  Transform(forward_x_, scratch.row.Data(), scratch.rows.Data(), scratch.fft_seconds);
  for (int c = 0; c < x_.Count(); ++c) {
    const int index = x_.index[c];
    scratch.band_rows.Data()[index] =
        Product(scratch.rows.Data()[index], transfer_.Data()[c * line_stride_]);
  }
  Transform(inverse_x_, scratch.band_rows.Data(), scratch.row_out.Data(), scratch.fft_seconds);
  std::copy_n(scratch.row_out.Data(), grid_.nx, row);
}

template <class Real>
double FilterLines<Real>::Bytes() const {
  return static_cast<double>(sizeof(Complex)) * transfer_.Size();
}

template struct LineScratch<float>;
template struct LineScratch<double>;
template class FilterLines<float>;
template class FilterLines<double>;

}  // namespace symwave::solvers::diffraction
