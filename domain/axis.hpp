// One axis of a lattice, and the words for axes, polarizations and half-cell positions.
#pragma once

#include <complex>
#include <vector>

namespace symwave::domain {

using Complex = std::complex<double>;
inline constexpr Complex kI(0, 1);

/// Out-of-plane component of a 2D problem.
enum class Polarization { Ez, Hz };

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

}  // namespace symwave::domain
