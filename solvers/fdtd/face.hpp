// Axis-normal rectangles of the Yee lattice through which power is measured.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::solvers::fdtd {

/// Rectangle of nodes lo..hi (both included) on one axis-normal plane, lo = hi along `normal`. Its
/// outermost cells may count in part, and a rectangle between two node planes is one on each of
/// them with weights whose sum is 1: both make sums over faces the linear interpolation between
/// rectangles and boxes of whole cells, for each of which the lattice conserves power.
struct Face {
  int normal = 0;  ///< axis
  std::array<int, 3> lo{0, 0, 0};
  std::array<int, 3> hi{0, 0, 0};
  int sign = 1;  ///< direction along the axis that counts as positive, or outward: 1 or -1
  double weight = 1;
  /// Share of the first and of the last cell across that does not count, per axis.
  std::array<std::array<double, 2>, 3> cut{};

  int Plane() const { return lo[normal]; }
};

/// The rectangle through the nodes nearest to `centre` [um] with the extents `size` [um]; size 0
/// along `normal`; an axis without extent (z in 2D) is taken whole. UserError where it leaves the
/// lattice or enters a PML.
Face FaceAt(const domain::Lattice& lattice, int normal, const std::array<double, 3>& centre,
            const std::array<double, 3>& size, int sign = 1);

/// The same exactly where it is asked for, to second order in the cell: see Face. What reaches less
/// than a cell beyond the lattice or into a PML ends there.
std::vector<Face> FacesThrough(const domain::Lattice& lattice, int normal,
                               const std::array<double, 3>& centre,
                               const std::array<double, 3>& size, int sign = 1);

/// Faces of the box of nodes lo..hi, with outward signs; without those on walls (where no power
/// passes) and those of axes that the box fills periodically (z in 2D).
std::vector<Face> BoxFaces(const domain::Lattice& lattice, const std::array<int, 3>& lo,
                           const std::array<int, 3>& hi);
/// The same for a box in um, to the nearest nodes.
std::vector<Face> BoxFacesAt(const domain::Lattice& lattice, const std::array<double, 3>& centre,
                             const std::array<double, 3>& size);
/// The same exactly where it is asked for, as FacesThrough.
std::vector<Face> BoxFacesThrough(const domain::Lattice& lattice,
                                  const std::array<double, 3>& centre,
                                  const std::array<double, 3>& size);

/// True where the face fills an axis across it from one periodic seam to the other.
bool FillsAxis(const domain::Lattice& lattice, const Face& face, int axis);

/// UserError where the face lies on a wall, in a PML, or across the seam of a periodic axis without
/// filling it.
void CheckFace(const domain::Lattice& lattice, const Face& face);

}  // namespace symwave::solvers::fdtd
