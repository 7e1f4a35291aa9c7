// The lattice as a deck states it, for both solvers in 2D and 3D. Lengths in um.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/axis.hpp"

namespace symwave::jobs::deck {

/// What ends one side of an axis.
enum class Ending { Pml, Pec, Pmc, Periodic };

/// Mirror plane through the origin of an axis: only its upper half is computed. Pec: the tangential
/// E field is odd about the plane; Pmc: it is even.
enum class MirrorPlane { None, Pec, Pmc };

/// Both sides of an axis, lower side first.
struct AxisEnding {
  std::array<Ending, 2> sides{Ending::Pml, Ending::Pml};
  bool operator==(const AxisEnding& o) const { return sides == o.sides; }
};

/// Cells no larger than `cell` between two coordinates of an axis.
struct Refinement {
  int axis = 0;
  double from = 0;
  double to = 0;
  double cell = 0.01;
  std::string where;
};

struct GridOptions {
  std::vector<double> cell{0.05};       ///< one for all axes, or one per axis
  std::vector<double> size{10.0, 5.0};  ///< without the PML: [x, y], or [x, y, z]
  double pml = 1.0;
  domain::Polarization polarization = domain::Polarization::Ez;  ///< 2D
  std::vector<AxisEnding> boundary;                              ///< per axis; empty: PML
  std::vector<MirrorPlane> symmetry;                             ///< per axis; empty: none
  std::vector<double> bloch;  ///< wave vector along periodic axes, 1/um; empty: zero
  std::vector<Refinement> refine;
  double grading = 1.2;  ///< largest ratio of neighbouring cells
  bool align = true;     ///< the lattice is placed by walls and layers (lattice_placement.hpp)
  std::string where;     ///< "deck.yaml:line"

  int Dimensions() const { return static_cast<int>(size.size()); }
  double Cell(int axis) const { return cell.size() == 1 ? cell[0] : cell[axis]; }
  double SmallestCell() const;
  AxisEnding EndingOf(int axis) const { return boundary.empty() ? AxisEnding{} : boundary[axis]; }
  double BlochOf(int axis) const { return bloch.empty() ? 0.0 : bloch[axis]; }
  bool HasBloch() const;
  bool Periodic(int axis) const { return EndingOf(axis).sides[0] == Ending::Periodic; }
  MirrorPlane SymmetryOf(int axis) const {
    return symmetry.empty() ? MirrorPlane::None : symmetry[axis];
  }
};

/// UserError with the grid's place where an axis, or the whole grid of `size` [um], has more cells
/// than can be numbered; before anything of their number is built.
void RequireCellCount(const GridOptions& grid, const std::vector<double>& size, bool time_domain);

}  // namespace symwave::jobs::deck
