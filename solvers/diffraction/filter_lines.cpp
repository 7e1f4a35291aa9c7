#include "solvers/diffraction/filter_lines.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

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

template <class Real>
std::vector<std::complex<Real>> Twist(int pixels, int length) {
  std::vector<std::complex<Real>> twist;
  for (int k = 0; k < pixels; ++k) twist.emplace_back(std::polar(1.0, -2 * M_PI * k / length));
  return twist;
}

long RowLine(const Band& x) {
  return RoundUp(x.part_length, kLineAlignment);
}

LineLayout RowLayout(const Band& x) {
  return {kRowBlock * x.parts, 1, static_cast<int>(RowLine(x))};
}

/// out[l] = a[l] b[l] of one group.
template <class Real>
inline void GroupProduct(const std::complex<Real>* a, const std::complex<Real>* b,
                         std::complex<Real>* out) {
  for (int l = 0; l < kGroup; ++l) out[l] = Product(a[l], b[l]);
}

}  // namespace

template <class Real>
LineScratch<Real>::LineScratch(const Band& x, const Band& y)
    : rows(kRowBlock * x.parts * RowLine(x)),
      row_spectra(rows.Size()),
      row_band(rows.Size()),
      kept(RoundUp(x.Count(), kGroup)),
      group(static_cast<long>(y.part_length) * kGroup),
      group_spectrum(group.Size()) {
  for (int part = 0; part < y.parts; ++part) {
    group_band[part] = FftBuffer<Real>(group.Size());
    group_out[part] = FftBuffer<Real>(group.Size());
  }
}

template <class Real>
double LineScratch<Real>::Bytes() const {
  long numbers = 3 * rows.Size() + kept.Size() + 2 * group.Size();
  for (int part = 0; part < 2; ++part) numbers += group_band[part].Size() + group_out[part].Size();
  return static_cast<double>(sizeof(std::complex<Real>)) * static_cast<double>(numbers);
}

template <class Real>
FilterLines<Real>::FilterLines(const PlaneGrid& grid, const Band& x, const Band& y,
                               const Transfer& transfer, int first_group, int groups)
    : grid_(grid),
      x_(x),
      y_(y),
      groups_(groups),
      forward_x_(x.part_length, FftLine<Real>::Direction::Forward, RowLayout(x)),
      inverse_x_(x.part_length, FftLine<Real>::Direction::Inverse, RowLayout(x)),
      forward_y_(y.part_length, FftLine<Real>::Direction::Forward, {kGroup, kGroup, 1}),
      inverse_y_(y.part_length, FftLine<Real>::Direction::Inverse, {kGroup, kGroup, 1}),
      twist_x_(Twist<Real>(grid.nx, x.length)),
      twist_y_(Twist<Real>(grid.ny, y.length)) {
  FillTransfer(transfer, first_group);
}

template <class Real>
void FilterLines<Real>::FillTransfer(const Transfer& transfer, int first_group) {
  const long lines = y_.half + 1;
  transfer_ = FftBuffer<Real>(groups_ * lines * kGroup);
  const double scale = 1.0 / (static_cast<double>(x_.length) * y_.length);
  for (int c = 0; c < groups_ * kGroup && first_group * kGroup + c < x_.Count(); ++c) {
    const int order = x_.order[first_group * kGroup + c];
    const double fx = order * x_.step;
    for (int m = 0; m < lines; ++m) {
      std::complex<double> h = transfer(fx, m * y_.step);
      if (x_.IsNyquist(order)) h = 0.5 * (h + transfer(-fx, m * y_.step));
      transfer_.Data()[(c / kGroup * lines + m) * kGroup + c % kGroup] =
          std::complex<Real>(scale * h);
    }
  }
}

template <class Real>
void FilterLines<Real>::TransformRows(const Complex* rows, int count,
                                      LineScratch<Real>& scratch) const {
  const int nx = grid_.nx;
  for (int r = 0; r < count; ++r) {
    const Complex* row = rows + static_cast<long>(r) * nx;
    Complex* to = scratch.rows.Data() + r * x_.parts * RowLine(x_);
    std::copy_n(row, nx, to);
    if (x_.parts == 1) continue;
    to += RowLine(x_);
    for (int k = 0; k < nx; ++k) to[k] = Product(row[k], twist_x_[k]);
  }
  Transform(forward_x_, scratch.rows.Data(), scratch.row_spectra.Data(), scratch.fft_seconds);
}

template <class Real>
void FilterLines<Real>::InverseRows(Complex* rows, int count, LineScratch<Real>& scratch) const {
  const int nx = grid_.nx;
  Complex* out = scratch.row_spectra.Data();
  Transform(inverse_x_, scratch.row_band.Data(), out, scratch.fft_seconds);
  for (int r = 0; r < count; ++r) {
    Complex* row = rows + static_cast<long>(r) * nx;
    const Complex* even = out + r * x_.parts * RowLine(x_);
    std::copy_n(even, nx, row);
    if (x_.parts == 1) continue;
    const Complex* odd = even + RowLine(x_);
    for (int k = 0; k < nx; ++k) row[k] += Product(odd[k], std::conj(twist_x_[k]));
  }
}

template <class Real>
void FilterLines<Real>::RowsToGroups(const Complex* rows, int count, Complex* groups, long stride,
                                     LineScratch<Real>& scratch) const {
  TransformRows(rows, count, scratch);
  Complex* kept = scratch.kept.Data();
  for (int r = 0; r < count; ++r) {
    const Complex* spectra = scratch.row_spectra.Data() + r * x_.parts * RowLine(x_);
    for (const Band::Run& run : x_.runs) {
      std::copy_n(spectra + run.part * RowLine(x_) + run.first, run.count, kept + run.position);
    }
    for (int g = 0; g < Groups(x_); ++g) {
      std::copy_n(kept + g * kGroup, kGroup, groups + g * stride + r * kGroup);
    }
  }
}

template <class Real>
void FilterLines<Real>::GroupsToRows(const Complex* groups, long stride, Complex* rows, int count,
                                     LineScratch<Real>& scratch) const {
  Complex* kept = scratch.kept.Data();
  for (int r = 0; r < count; ++r) {
    for (int g = 0; g < Groups(x_); ++g) {
      std::copy_n(groups + g * stride + r * kGroup, kGroup, kept + g * kGroup);
    }
    Complex* band = scratch.row_band.Data() + r * x_.parts * RowLine(x_);
    for (const Band::Run& run : x_.runs) {
      std::copy_n(kept + run.position, run.count, band + run.part * RowLine(x_) + run.first);
    }
  }
  InverseRows(rows, count, scratch);
}

template <class Real>
const std::complex<Real>* FilterLines<Real>::PartOfGroup(const Complex* groups, int g,
                                                         const std::vector<ColumnPiece>& pieces,
                                                         int part,
                                                         LineScratch<Real>& scratch) const {
  const ColumnPiece& first = pieces.front();
  const Complex* begin = groups + first.offset + g * first.stride;
  if (part == 0 && first.rows == y_.part_length) return begin;
  for (const ColumnPiece& piece : pieces) {
    const Complex* from = groups + piece.offset + g * piece.stride;
    Complex* to = scratch.group.Data() + static_cast<long>(piece.first_row) * kGroup;
    if (part == 0) {
      std::copy_n(from, static_cast<long>(piece.rows) * kGroup, to);
      continue;
    }
    for (int k = 0; k < piece.rows; ++k, from += kGroup, to += kGroup) {
      const Complex twist = twist_y_[piece.first_row + k];
      for (int l = 0; l < kGroup; ++l) to[l] = Product(from[l], twist);
    }
  }
  return scratch.group.Data();
}

template <class Real>
void FilterLines<Real>::FilterGroup(Complex* groups, int g, const std::vector<ColumnPiece>& pieces,
                                    LineScratch<Real>& scratch) const {
  const Complex* h = transfer_.Data() + static_cast<long>(g) * (y_.half + 1) * kGroup;
  for (int part = 0; part < y_.parts; ++part) {
    Transform(forward_y_, PartOfGroup(groups, g, pieces, part, scratch),
              scratch.group_spectrum.Data(), scratch.fft_seconds);
    Complex* band = scratch.group_band[part].Data();
    for (const Band::Run& run : y_.runs) {
      if (run.part != part) continue;
      for (int k = 0; k < run.count; ++k) {
        const long at = static_cast<long>(run.first + k) * kGroup;
        const long line = std::abs(y_.order[run.position + k]);
        GroupProduct(scratch.group_spectrum.Data() + at, h + line * kGroup, band + at);
      }
    }
    Transform(inverse_y_, band, scratch.group_out[part].Data(), scratch.fft_seconds);
  }
  for (const ColumnPiece& piece : pieces) {
    const long first = static_cast<long>(piece.first_row) * kGroup;
    Complex* to = groups + piece.offset + g * piece.stride;
    const Complex* even = scratch.group_out[0].Data() + first;
    std::copy_n(even, static_cast<long>(piece.rows) * kGroup, to);
    if (y_.parts == 1) continue;
    const Complex* odd = scratch.group_out[1].Data() + first;
    for (int k = 0; k < piece.rows; ++k, to += kGroup, odd += kGroup) {
      const Complex twist = std::conj(twist_y_[piece.first_row + k]);
      for (int l = 0; l < kGroup; ++l) to[l] += Product(odd[l], twist);
    }
  }
}

template <class Real>
void FilterLines<Real>::FilterRow(Complex* row, LineScratch<Real>& scratch) const {
  TransformRows(row, 1, scratch);
  for (const Band::Run& run : x_.runs) {
    const long at = run.part * RowLine(x_) + run.first;
    for (int k = 0; k < run.count; ++k) {
      scratch.row_band.Data()[at + k] =
          Product(scratch.row_spectra.Data()[at + k], transfer_.Data()[run.position + k]);
    }
  }
  InverseRows(row, 1, scratch);
}

template <class Real>
double FilterLines<Real>::Bytes() const {
  return static_cast<double>(sizeof(Complex)) * static_cast<double>(transfer_.Size());
}

template struct LineScratch<float>;
template struct LineScratch<double>;
template class FilterLines<float>;
template class FilterLines<double>;

}  // namespace symwave::solvers::diffraction
