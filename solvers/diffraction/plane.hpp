// Planes of square pixels across the optical axis, and how their rows lie on MPI ranks.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <complex>

namespace symwave::solvers::diffraction {

/// Complex amplitudes of many planes: pixels of this rank (row by row, x fastest) x planes.
/// The power through a plane is the sum of |amplitude|^2 over its pixels, in arbitrary units.
template <class Real>
using Fields = Eigen::Matrix<std::complex<Real>, Eigen::Dynamic, Eigen::Dynamic>;

/// nx x ny pixels centred on the optical axis; ny = 1 means one transverse dimension.
struct PlaneGrid {
  int nx = 0, ny = 0;
  double pitch = 0;  ///< um

  double X(int i) const { return (i - 0.5 * (nx - 1)) * pitch; }
  double Y(int j) const { return (j - 0.5 * (ny - 1)) * pitch; }
  long Pixels() const { return static_cast<long>(nx) * ny; }
  bool operator==(const PlaneGrid& other) const {
    return nx == other.nx && ny == other.ny && pitch == other.pitch;
  }
};

/// The rows of a plane dealt to the ranks of `comm` in blocks of ceil(ny / ranks) rows; the last
/// ranks may hold fewer or none. With MPI_COMM_SELF every rank holds whole planes.
class PlaneShare {
 public:
  PlaneShare(MPI_Comm comm, const PlaneGrid& grid);

  MPI_Comm Comm() const { return comm_; }
  const PlaneGrid& Grid() const { return grid_; }
  bool Whole() const { return rows_ == grid_.ny; }
  int FirstRow() const { return first_row_; }
  int Rows() const { return rows_; }
  /// Pixels of this rank, and the number in the whole plane of its first one.
  long Pixels() const { return static_cast<long>(rows_) * grid_.nx; }
  long FirstPixel() const { return static_cast<long>(first_row_) * grid_.nx; }

 private:
  MPI_Comm comm_;  ///< not owned
  PlaneGrid grid_;
  int first_row_ = 0, rows_ = 0;
};

}  // namespace symwave::solvers::diffraction
