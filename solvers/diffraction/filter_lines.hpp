// The line transforms of a filter: rows of a plane to the frequencies kept, columns of these
// through H, and back.
#pragma once

#include <complex>
#include <vector>

#include "solvers/diffraction/band.hpp"
#include "solvers/diffraction/fft_line.hpp"
#include "solvers/diffraction/plane.hpp"

namespace symwave::solvers::diffraction {

/// Rows taken together between planes and columns; one cache line of float32 numbers.
constexpr int kRowBlock = 8;

inline long RoundUp(long n, long unit) {
  return (n + unit - 1) / unit * unit;
}

/// Rows of a column that lie together: column c has them at offset + c stride.
struct ColumnPiece {
  long offset = 0, stride = 0;
  int first_row = 0, rows = 0;
};

/// What one thread needs.
template <class Real>
struct LineScratch {
  LineScratch(int length_x, int length_y);
  FftBuffer<Real> row, rows, band_rows, row_out;  ///< row: zeros behind the pixels
  FftBuffer<Real> column, spectrum, band_column, column_out;
  double fft_seconds = 0;

  double Bytes() const {
    return sizeof(std::complex<Real>) *
           static_cast<double>(row.Size() + rows.Size() + band_rows.Size() + row_out.Size() +
                               4 * column.Size());
  }
};

template <class Real>
class FilterLines {
 public:
  using Complex = std::complex<Real>;

  /// Columns [first_column, first_column + columns) of the frequencies kept along x are filtered
  /// here.
  FilterLines(const PlaneGrid& grid, const Band& x, const Band& y, const Transfer& transfer,
              int first_column, int columns);

  const Band& X() const { return x_; }
  LineScratch<Real> Scratch() const { return {x_.length, y_.length}; }

  /// Transforms up to kRowBlock rows; frequency c of row r goes to columns[c stride + r].
  void RowsToColumns(const Complex* rows, int count, Complex* columns, long stride,
                     LineScratch<Real>& scratch) const;
  void ColumnsToRows(const Complex* columns, long stride, Complex* rows, int count,
                     LineScratch<Real>& scratch) const;
  /// Column `c` of the columns filtered here: transform, times H, back; in place.
  void FilterColumn(Complex* columns, int c, const std::vector<ColumnPiece>& pieces,
                    LineScratch<Real>& scratch) const;
  /// The whole propagation of one row, in place (planes of one row).
  void FilterRow(Complex* row, LineScratch<Real>& scratch) const;

  double Bytes() const;

 private:
  void FillTransfer(const Transfer& transfer);

  PlaneGrid grid_;
  Band x_, y_;
  int first_column_, columns_;
  FftLine<Real> forward_x_, inverse_x_, forward_y_, inverse_y_;
  long line_stride_ = 0;
  FftBuffer<Real> transfer_;  ///< H / (transform lengths): a line along fy >= 0 per column
};

}  // namespace symwave::solvers::diffraction
