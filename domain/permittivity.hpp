// From regions of material to the coefficients of the wave operator on the lattice, with subpixel
// averaging, for any range of columns (each rank asks for its own).
#pragma once

#include <functional>
#include <vector>

#include "domain/coverage.hpp"
#include "domain/grid.hpp"
#include "domain/materials.hpp"
#include "domain/regions.hpp"

namespace symwave::domain {

/// Coefficients of -div(alpha grad u) - w^2 beta u for the columns of `columns`.
///   Ez: alpha = 1, beta = area mean of eps over the cell.
///   Hz: beta = 1, alpha at the faces = (eps^-1) along the in-plane E component that lives there,
///       from the interface normal n:  n_t^2 <1/eps> + (1 - n_t^2) / <eps>,  n_t the part of n
///       along that component (Farjadpour et al., Opt. Lett. 31, 2972 (2006), diagonal part).
class Permittivity {
 public:
  Permittivity(ColumnRange columns, int ny, Polarization polarization);

  ColumnRange Columns() const { return columns_; }
  Polarization Pol() const { return polarization_; }
  /// beta of cell (i, j).
  Complex Beta(int i, int j) const { return ez_ ? cell_[Cell(i, j)] : Complex(1.0, 0.0); }
  /// alpha on the face between cells (i-1, j) and (i, j), columns.begin <= i <= columns.end.
  Complex AlphaX(int i, int j) const { return ez_ ? Complex(1.0, 0.0) : face_x_[Cell(i, j)]; }
  /// alpha on the face between cells (i, j-1) and (i, j), 0 <= j <= ny.
  Complex AlphaY(int i, int j) const {
    return ez_ ? Complex(1.0, 0.0) : face_y_[(i - columns_.begin) * (ny_ + 1L) + j];
  }
  /// Area mean of eps in cell (i, j), for pictures and trainable cells.
  Complex MeanEps(int i, int j) const { return cell_[Cell(i, j)]; }

  std::vector<Complex>& Cells() { return cell_; }
  std::vector<Complex>& FacesX() { return face_x_; }
  std::vector<Complex>& FacesY() { return face_y_; }

 private:
  long Cell(int i, int j) const { return (i - columns_.begin) * static_cast<long>(ny_) + j; }

  ColumnRange columns_;
  int ny_;
  Polarization polarization_;
  bool ez_;
  std::vector<Complex> cell_;    // columns x ny
  std::vector<Complex> face_x_;  // (columns + 1) x ny, Hz only
  std::vector<Complex> face_y_;  // columns x (ny + 1), Hz only
};

/// A change of the mean permittivity of one cell, as programmed into a device.
struct CellChange {
  int i = 0;
  int j = 0;
  Complex eps;
};

/// What stands on the grid. Cheap to copy around by reference; evaluates any columns on demand.
struct Layout {
  std::vector<Region> regions;
  PermittivityTable materials;  ///< eps of every region's material and of the background
  std::string background;
  /// Index added to every region's material at (x, y); empty: none.
  std::function<double(double, double)> index_error;
  /// Average with the mirror image about x = 0, so that rounding cannot break the symmetry.
  bool mirror_symmetric = false;
  /// Programmed cells, added at the end; polarization Ez.
  std::vector<CellChange> changes;
};

Permittivity EvaluatePermittivity(const Grid& grid, const Layout& layout, ColumnRange columns);

}  // namespace symwave::domain
