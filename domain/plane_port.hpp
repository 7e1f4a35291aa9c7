// Where light enters and leaves a lattice of the time domain: planes across a guide in 3D, lines in
// 2D.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/mode_choice.hpp"

namespace symwave::domain {

/// A direction along an axis.
enum class Direction { PlusX, MinusX, PlusY, MinusY, PlusZ, MinusZ };

inline int AxisOf(Direction d) {
  return static_cast<int>(d) / 2;
}
inline bool IsForward(Direction d) {
  return static_cast<int>(d) % 2 == 0;
}
inline Direction DirectionAlong(int axis, bool forward) {
  return static_cast<Direction>(2 * axis + (forward ? 0 : 1));
}

/// The two axes across `axis`, in increasing order.
inline std::array<int, 2> Across(int axis) {
  return {axis == 0 ? 1 : 0, axis == 2 ? 1 : 2};
}

/// The guide of a port runs along a circle through its centre.
struct GuideBend {
  double radius = 0;                     ///< of the circle [um]; 0: the guide is straight
  Direction towards = Direction::PlusY;  ///< where its centre lies, across the port
};

/// A plane across a guide on which modes are launched and measured.
struct PlanePort {
  std::string name;
  std::array<double, 3> at{0, 0, 0};   ///< centre of the plane, um
  Direction faces = Direction::PlusX;  ///< into the device: the way the launched light travels
  std::array<double, 2> span{2, 2};    ///< extents across, um, in the order of Across(axis)
  std::vector<ModeChoice> modes{0};    ///< 0: largest effective index
  std::string where;                   ///< "file:line" of the deck
  GuideBend bend{};
};

/// A port on the lattice.
struct PortPlane {
  int axis = 0;         ///< normal of the plane
  bool forward = true;  ///< launched light travels to larger coordinates
  int node = 0;         ///< the plane is this node of the axis
  /// Points of the cross-section: [node, node + 1) along `axis`; on an axis across, lo is the first
  /// node of the cross-section and hi - 1 its last one, so that it has hi - lo - 1 cells. On a
  /// periodic axis that is spanned whole: all its points, the cells being as many. Along z in 2D:
  /// [0, 1).
  IndexBox box;
};

/// UserError, beginning with `who`, for a bend that is not across the port, that goes across a wall
/// on which the port stands, and for a span that reaches the centre of the bend.
void RequirePossible(const Lattice& lattice, const PlanePort& port, const std::string& who);

/// The nodes nearest to the port's position and ends; between two nodes the one further into the
/// device, and the wider span, so that mirrored ports stand on mirrored nodes. An end of the span
/// beyond a wall without a PML (a symmetry plane, say) moves to the wall; the z extent is ignored
/// in 2D. UserError, beginning with the port's `where`, for a port outside the lattice or in a PML,
/// a span that leaves the lattice or has fewer than 4 cells (unless the axis is spanned whole), a
/// normal along z, a kind of mode that cannot exist in 2D, and for impossible bends.
PortPlane LocatePort(const Lattice& lattice, const PlanePort& port);

}  // namespace symwave::domain
