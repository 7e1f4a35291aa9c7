#include "solvers/diffraction/misalignment.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/error.hpp"
#include "solvers/diffraction/line_shift.hpp"
#include "solvers/diffraction/transpose.hpp"

namespace symwave::solvers::diffraction {

namespace {

constexpr double kLargestRotation = M_PI / 4;

/// offset + slope * coordinate of each line [um], in pixels.
template <class Coordinate>
std::vector<double> Shifts(int first, int count, double pitch, double offset, double slope,
                           Coordinate coordinate) {
  std::vector<double> shifts;
  for (int k = first; k < first + count; ++k) {
    shifts.push_back((offset + slope * coordinate(k)) / pitch);
  }
  return shifts;
}

}  // namespace

void CheckMisalignment(const PlaneGrid& grid, const MisalignmentOptions& options) {
  const auto refuse_shift = [&](const char* axis, double shift, int n) {
    if (std::abs(shift) < n * grid.pitch) return;
    base::Fail("a shift of {} um along {} leaves nothing of a plane of {} um: give less", shift,
               axis, n * grid.pitch);
  };
  if (grid.ny == 1 && (options.shift_y != 0 || options.rotation != 0)) {
    base::Fail("a plane of one row was given a shift along y or a rotation: give 0 or more rows");
  }
  refuse_shift("x", options.shift_x, grid.nx);
  if (grid.ny > 1) refuse_shift("y", options.shift_y, grid.ny);
  if (!(std::abs(options.rotation) <= kLargestRotation)) {
    base::Fail("a rotation of {} rad was given; it must be between -{:.4f} and {:.4f}",
               options.rotation, kLargestRotation, kLargestRotation);
  }
}

template <class Real>
struct Misalignment<Real>::Shears {
  using Complex = std::complex<Real>;
  using Scratch = typename LineShift<Real>::Scratch;

  Shears(const PlaneShare& plane_share, const MisalignmentOptions& o)
      : share(plane_share),
        threads(o.threads),
        transpose(share, share.Grid().nx, 1),
        shear_x(-std::tan(0.5 * o.rotation)),
        first_x(share.Grid().nx, RowShifts(o.shift_x - shear_x * o.shift_y)),
        last_x(share.Grid().nx, RowShifts(0)),
        along_y(share.Grid().ny, ColumnShifts(o)),
        has_y(o.shift_y != 0 || o.rotation != 0),
        has_rotation(o.rotation != 0),
        columns(has_y ? transpose.SendSize() : 0) {
    for (int t = 0; t < threads; ++t) {
      row_scratch.push_back(first_x.MakeScratch());
      column_scratch.push_back(along_y.MakeScratch());
      column_of.emplace_back(share.Grid().ny);
    }
  }

  std::vector<double> RowShifts(double offset) const {
    const PlaneGrid& grid = share.Grid();
    return Shifts(share.FirstRow(), share.Rows(), grid.pitch, offset, shear_x,
                  [&](int j) { return grid.Y(j); });
  }
  std::vector<double> ColumnShifts(const MisalignmentOptions& o) const {
    const PlaneGrid& grid = share.Grid();
    return Shifts(transpose.FirstColumn(), transpose.Columns(), grid.pitch, o.shift_y,
                  std::sin(o.rotation), [&](int i) { return grid.X(i); });
  }

  void Rows(const LineShift<Real>& shift, Complex* plane, bool transposed);
  void Columns(Complex* plane, bool transposed);
  void Column(Complex* here, int c, bool transposed, int thread);

  PlaneShare share;
  int threads;
  Transpose<Real> transpose;
  double shear_x;
  LineShift<Real> first_x, last_x, along_y;
  bool has_y, has_rotation;
  FftBuffer<Real> columns;
  std::vector<Scratch> row_scratch, column_scratch;
  std::vector<std::vector<Complex>> column_of;
};

template <class Real>
void Misalignment<Real>::Shears::Rows(const LineShift<Real>& shift, Complex* plane,
                                      bool transposed) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int j = 0; j < share.Rows(); ++j) {
    shift.Apply(j, plane + static_cast<long>(j) * share.Grid().nx, transposed,
                row_scratch[omp_get_thread_num()]);
  }
}

template <class Real>
void Misalignment<Real>::Shears::Column(Complex* here, int c, bool transposed, int thread) {
  Complex* column = column_of[thread].data();
  for (const ColumnPiece& piece : transpose.Pieces()) {
    std::copy_n(here + piece.offset + c * piece.stride, piece.rows, column + piece.first_row);
  }
  along_y.Apply(c, column, transposed, column_scratch[thread]);
  for (const ColumnPiece& piece : transpose.Pieces()) {
    std::copy_n(column + piece.first_row, piece.rows, here + piece.offset + c * piece.stride);
  }
}

template <class Real>
void Misalignment<Real>::Shears::Columns(Complex* plane, bool transposed) {
  const int nx = share.Grid().nx;
  const long stride = transpose.Stride();
  for (int j = 0; j < share.Rows(); ++j) {
    const Complex* row = plane + static_cast<long>(j) * nx;
    for (int i = 0; i < nx; ++i) columns.Data()[i * stride + j] = row[i];
  }
  Complex* here = transpose.ToColumns(columns.Data());
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int c = 0; c < transpose.Columns(); ++c) {
    Column(here, c, transposed, omp_get_thread_num());
  }
  transpose.ToRows(here, columns.Data());
  for (int j = 0; j < share.Rows(); ++j) {
    Complex* row = plane + static_cast<long>(j) * nx;
    for (int i = 0; i < nx; ++i) row[i] = columns.Data()[i * stride + j];
  }
}

template <class Real>
Misalignment<Real>::Misalignment(const PlaneShare& share, const MisalignmentOptions& options) {
  CheckMisalignment(share.Grid(), options);
  shears_ = std::make_unique<Shears>(share, options);
}

template <class Real>
Misalignment<Real>::~Misalignment() = default;

template <class Real>
void Misalignment<Real>::Forward(Fields<Real>& fields) const {
  for (long p = 0; p < fields.cols(); ++p) {
    std::complex<Real>* plane = fields.col(p).data();
    shears_->Rows(shears_->first_x, plane, false);
    if (shears_->has_y) shears_->Columns(plane, false);
    if (shears_->has_rotation) shears_->Rows(shears_->last_x, plane, false);
  }
}

template <class Real>
void Misalignment<Real>::Backward(Fields<Real>& fields) const {
  for (long p = 0; p < fields.cols(); ++p) {
    std::complex<Real>* plane = fields.col(p).data();
    if (shears_->has_rotation) shears_->Rows(shears_->last_x, plane, true);
    if (shears_->has_y) shears_->Columns(plane, true);
    shears_->Rows(shears_->first_x, plane, true);
  }
}

template <class Real>
double Misalignment<Real>::Bytes() const {
  return shears_->first_x.Bytes() + shears_->last_x.Bytes() + shears_->along_y.Bytes() +
         sizeof(std::complex<Real>) *
             static_cast<double>(shears_->columns.Size() + shears_->transpose.ReceiveSize());
}

template class Misalignment<float>;
template class Misalignment<double>;

}  // namespace symwave::solvers::diffraction
