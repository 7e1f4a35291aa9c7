// Where light enters and leaves a chip.
#pragma once

#include <string>
#include <vector>

#include "domain/grid.hpp"
#include "domain/shapes.hpp"

namespace symwave::domain {

/// The side the launched light travels to.
enum class Facing { PlusX, MinusX, PlusY, MinusY };

inline AxisName NormalAxis(Facing f) {
  return f == Facing::PlusX || f == Facing::MinusX ? AxisName::X : AxisName::Y;
}
inline bool FacesForward(Facing f) {
  return f == Facing::PlusX || f == Facing::PlusY;
}

/// A line across a guide on which modes are launched and measured.
struct Port {
  std::string name;
  Point at;                      ///< centre of the line
  Facing faces = Facing::PlusX;  ///< into the device
  double span = 2;               ///< length of the line, um
  std::vector<int> modes{0};     ///< 0: largest effective index
  std::string where;             ///< "file:line"
};

/// A port on the lattice: the cells of its line. Their centres stand up to half a cell off the
/// port's own plane.
struct PortLine {
  AxisName normal = AxisName::X;
  bool forward = true;  ///< launched light travels to larger coordinates
  int plane = 0;        ///< index of the cells' layer along `normal`
  int begin = 0;        ///< cells [begin, end) across
  int end = 0;
  double offset = 0;  ///< way from the cells' centres to the port's plane, into the device [um]
};

/// The cells that hold the port's plane; an end of the span beyond a wall moves to the wall.
/// UserError when the port lies outside the grid, inside the PML, or is shorter than 4 cells.
PortLine LocatePort(const Grid& grid, const Port& port);

}  // namespace symwave::domain
