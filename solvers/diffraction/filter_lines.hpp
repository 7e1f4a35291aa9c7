// The line transforms of a filter: rows of a plane to the frequencies kept, columns of these
// through H, and back.
#pragma once

#include <array>
#include <complex>
#include <vector>

#include "solvers/diffraction/band.hpp"
#include "solvers/diffraction/fft_line.hpp"
#include "solvers/diffraction/transpose.hpp"

namespace symwave::solvers::diffraction {

/// Rows transformed together.
constexpr int kRowBlock = 8;
/// Columns transformed together; they lie side by side, one cache line of float32 numbers wide.
constexpr int kGroup = 8;

/// What one thread needs.
template <class Real>
struct LineScratch {
  LineScratch(const Band& x, const Band& y);
  double Bytes() const;

  FftBuffer<Real> rows, row_spectra, row_band;  ///< kRowBlock rows, all parts
  FftBuffer<Real> kept;                         ///< the frequencies of one row
  FftBuffer<Real> group, group_spectrum;        ///< one part of one group
  std::array<FftBuffer<Real>, 2> group_band, group_out;
  double fft_seconds = 0;
};

template <class Real>
class FilterLines {
 public:
  using Complex = std::complex<Real>;

  /// Groups [first_group, first_group + groups) of the frequencies kept along x are filtered here.
  FilterLines(const PlaneGrid& grid, const Band& x, const Band& y, const Transfer& transfer,
              int first_group, int groups);

  static int Groups(const Band& x) { return (x.Count() + kGroup - 1) / kGroup; }
  LineScratch<Real> Scratch() const { return {x_, y_}; }

  /// Transforms up to kRowBlock rows; the frequencies of group g of row r go to
  /// groups[g stride + r kGroup].
  void RowsToGroups(const Complex* rows, int count, Complex* groups, long stride,
                    LineScratch<Real>& scratch) const;
  void GroupsToRows(const Complex* groups, long stride, Complex* rows, int count,
                    LineScratch<Real>& scratch) const;
  /// Group `g` of those filtered here: transform, times H, back; in place.
  void FilterGroup(Complex* groups, int g, const std::vector<ColumnPiece>& pieces,
                   LineScratch<Real>& scratch) const;
  /// The whole filter for one row, in place (planes of one row).
  void FilterRow(Complex* row, LineScratch<Real>& scratch) const;

  double Bytes() const;

 private:
  void FillTransfer(const Transfer& transfer, int first_group);
  void TransformRows(const Complex* rows, int count, LineScratch<Real>& scratch) const;
  void InverseRows(Complex* rows, int count, LineScratch<Real>& scratch) const;
  /// The numbers of one part that enter the transform along y.
  const Complex* PartOfGroup(const Complex* groups, int g, const std::vector<ColumnPiece>& pieces,
                             int part, LineScratch<Real>& scratch) const;

  PlaneGrid grid_;
  Band x_, y_;
  int groups_;
  FftLine<Real> forward_x_, inverse_x_, forward_y_, inverse_y_;
  std::vector<Complex> twist_x_, twist_y_;  ///< exp(-2 pi i k / length)
  FftBuffer<Real> transfer_;                ///< H / (transform lengths): groups x fy >= 0 x kGroup
};

}  // namespace symwave::solvers::diffraction
