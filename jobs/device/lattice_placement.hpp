// Where the lattice of a deck lies relative to what is drawn on it. Averages over cells are second
// order wherever a wall cuts them, but the size of the error is not: light in a guide sees the
// smallest one where the walls pass through the points of its strongest component of E. Along the
// walls that is the E of the nodes (Ez in 2D, the quasi-TE light of layers in 3D), across them the
// E of the halves (Hz in 2D, light that travels along the walls).
// Walls of metals with E across them (Hz, 3D) belong on nodes whatever else is there: the time
// domain averages the E along a metal, and takes that across it from metal or none of it
// (domain/yee_media.hpp), which is right half a cell beside the wall and wrong on it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/graded_axis.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::device {

struct AxisPlacement {
  /// A node of the Yee lattice lies here [um]; the ends of the axis move outwards by less than a
  /// cell. None: nodes where the deck's size puts them.
  std::optional<double> node;
  std::vector<double> nodes;  ///< nodes lie here [um], with smaller cells between them
  std::string sentence;       ///< what happened to the walls; empty where there are none
};

/// Placement of each axis by the faces of layers and shapes along z in 3D, by straight walls of at
/// least a tenth of the lattice in 2D. Axes that end in PMLs on both sides move where one lattice
/// of equal cells meets all walls; the other axes of the time domain get nodes on them where that
/// takes no cells below half the deck's, walls of metals first. Never for chips, whose centre stays
/// where it is, and nowhere with `grid.align: off`.
std::array<AxisPlacement, 3> PlaceLattice(const deck::DeviceOptions& options);

/// Notes on the layout, and the sentences of all axes.
std::vector<std::string> PlacementText(const deck::DeviceOptions& options);

/// True for a chip and where a 2D deck asks for nothing but equal square cells with the same ends
/// on both sides of an axis: the lattice is domain::UniformLattice then. Not in time domain where
/// walls of metals take cells of their own.
bool HasEqualCells(const deck::DeviceOptions& options);

/// An axis of the time domain's own lattices, before its placement and without its PMLs.
domain::GradedAxisOptions AxisOptions(const deck::GridOptions& grid, int axis);

/// Ends of an axis from `low` to `high` [um] moved outwards onto the nodes of `node` + k `cell`.
std::array<double, 2> MovedEnds(double low, double high, double node, double cell);

}  // namespace symwave::jobs::device
