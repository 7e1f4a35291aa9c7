// The Yee lattice: spacings per axis, staggering, and its partition over MPI ranks. The only code
// that knows where a field component lives.
#pragma once

#include <mpi.h>

#include <array>
#include <complex>
#include <optional>
#include <vector>

namespace symwave::domain {

using Complex = std::complex<double>;
inline constexpr Complex kI(0, 1);

/// Out-of-plane component of a 2D problem.
enum class Polarization { Ez, Hz };

/// What ends the grid on both sides of an axis: an absorbing layer, a perfect electric or a perfect
/// magnetic conductor.
enum class Boundary { Pml, Pec, Pmc };

enum class AxisName { X = 0, Y = 1, Z = 2 };

/// Half-cell position on one axis: the centre of a cell, or the face between cell i-1 and cell i.
enum class Stagger { Centre, Face };

/// One axis of the lattice, cut into cells by an increasing array of faces [um].
class Axis {
 public:
  explicit Axis(std::vector<double> faces);

  /// `count` equal cells of size `cell`, centred on zero: face i and face count-i are opposite
  /// numbers to the last bit, so that a symmetric device is symmetric to the half cell.
  static Axis Uniform(double cell, int count);

  int Cells() const { return static_cast<int>(faces_.size()) - 1; }
  const std::vector<double>& Faces() const { return faces_; }
  double Face(int i) const { return faces_[i]; }
  double Centre(int i) const { return 0.5 * (faces_[i] + faces_[i + 1]); }
  double Position(Stagger stagger, int i) const;
  /// Width of cell i.
  double Width(int i) const { return faces_[i + 1] - faces_[i]; }
  /// Distance of the two cell centres on either side of face i, 0 <= i <= Cells(); at the ends the
  /// missing cell is the mirror image of the last one.
  double Spacing(int i) const;
  /// Index of the cell that holds `position`, -1 outside.
  int CellAt(double position) const;
  double Length() const { return faces_.back() - faces_.front(); }

 private:
  std::vector<double> faces_;
};

/// Options of a 2D grid as a deck states them; lengths in um.
struct GridOptions {
  Polarization polarization = Polarization::Ez;
  double cell = 0.05;
  std::array<double, 2> size{10.0, 5.0};                           ///< inside the PML
  double pml = 1.0;                                                ///< thickness on each PML side
  std::array<Boundary, 2> boundary{Boundary::Pml, Boundary::Pml};  ///< per axis
  /// Where a face lies [um]; the axis then reaches over its size by less than a cell on each side.
  /// Without: the axis is centred on zero.
  std::array<std::optional<double>, 2> face;
};

/// 2D grid. Both polarizations keep the out-of-plane component u (Ez or Hz) at cell centres; the
/// in-plane components live on the faces: along x at (Face, Centre), along y at (Centre, Face).
/// Global number of an unknown: i * Ny + j, so that a range of columns i is contiguous.
class Grid {
 public:
  explicit Grid(const GridOptions& options);
  Grid(Axis x, Axis y, Polarization polarization, double pml, std::array<Boundary, 2> boundary);

  const Axis& X() const { return axes_[0]; }
  const Axis& Y() const { return axes_[1]; }
  const Axis& Along(AxisName name) const { return axes_[static_cast<int>(name)]; }
  int Nx() const { return axes_[0].Cells(); }
  int Ny() const { return axes_[1].Cells(); }
  long Unknowns() const { return static_cast<long>(Nx()) * Ny(); }
  Polarization Pol() const { return polarization_; }
  /// PML thickness in um on each side of an axis, 0 where the axis ends in a wall.
  double PmlThickness(AxisName name) const;
  /// Number of PML cells on each side of an axis.
  int PmlCells(AxisName name) const;
  /// True when the wall of this axis forces u = 0 there (PEC for Ez, PMC for Hz, any PML backing).
  bool WallIsDirichlet(AxisName name) const;

 private:
  std::array<Axis, 2> axes_;
  Polarization polarization_;
  double pml_;
  std::array<Boundary, 2> boundary_;
};

/// A contiguous range of columns [begin, end).
struct ColumnRange {
  int begin = 0;
  int end = 0;
  int Count() const { return end - begin; }
};

/// Columns of `whole` that rank `rank` of `size` owns; sizes differ by at most one.
ColumnRange PartitionColumns(ColumnRange whole, int rank, int size);

/// Stretch factors s = 1 + i sigma / w of the PML of one axis at all centres and faces, for
/// exp(-i w t); sigma grows with the third power of depth up to a round-trip amplitude
/// exp(-2 int sigma) = 1e-6 at normal incidence in a medium of index 1.
struct Stretch {
  std::vector<Complex> centre;  ///< Cells()
  std::vector<Complex> face;    ///< Cells() + 1
};
Stretch PmlStretch(const Grid& grid, AxisName name, double omega);

}  // namespace symwave::domain
