#include "domain/ports.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::domain {

namespace {

/// Index of the face nearest to `position`.
int NearestFace(const Axis& axis, double position) {
  int best = 0;
  for (int i = 0; i <= axis.Cells(); ++i) {
    if (std::abs(axis.Face(i) - position) < std::abs(axis.Face(best) - position)) best = i;
  }
  return best;
}

}  // namespace

PortLine LocatePort(const Grid& grid, const Port& port) {
  PortLine line;
  line.normal = NormalAxis(port.faces);
  line.forward = FacesForward(port.faces);
  const AxisName across = line.normal == AxisName::X ? AxisName::Y : AxisName::X;
  const double along_position = line.normal == AxisName::X ? port.at.x : port.at.y;
  const double across_position = line.normal == AxisName::X ? port.at.y : port.at.x;
  const std::string who =
      (port.where.empty() ? "" : port.where + ": ") + "port '" + port.name + "'";

  if (grid.PmlThickness(line.normal) == 0) {
    base::Fail(
        "{} faces along {}, where grid.boundary is a wall that would send its light back: use "
        "pml there",
        who, line.normal == AxisName::X ? 'x' : 'y');
  }
  // A port on a cell border belongs to the cell on its forward side, so that mirrored ports sit on
  // mirrored cells.
  const Axis& normal_axis = grid.Along(line.normal);
  const double nudge = 1e-6 * normal_axis.Width(0) * (line.forward ? 1 : -1);
  // One cell at least between the port and the PML.
  const int first_cell = grid.PmlCells(line.normal) + 1;
  const int end_cell = normal_axis.Cells() - first_cell;
  const double low_limit = normal_axis.Face(first_cell);
  const double high_limit = normal_axis.Face(end_cell);
  if (first_cell >= end_cell) {
    base::Fail(
        "{} has no room along {}: grid.size has {} cell{} between its PMLs, and a port stands one "
        "cell off them at least; enlarge grid.size, or take smaller cells",
        who, line.normal == AxisName::X ? 'x' : 'y', end_cell - first_cell + 2,
        end_cell - first_cell + 2 == 1 ? "" : "s");
  }
  if (along_position < low_limit - std::abs(nudge) ||
      along_position > high_limit + std::abs(nudge)) {
    base::Fail(
        "{} stands at {} = {:.6g} um, outside the grid: a port along {} stands one cell off the "
        "PML at least, from {:.6g} to {:.6g} um; move ports.at or enlarge grid.size",
        who, line.normal == AxisName::X ? 'x' : 'y', along_position,
        line.normal == AxisName::X ? 'x' : 'y', low_limit, high_limit);
  }
  line.plane = std::clamp(normal_axis.CellAt(along_position + nudge), first_cell, end_cell - 1);

  line.offset = (line.forward ? 1 : -1) * (along_position - normal_axis.Centre(line.plane));

  const Axis& across_axis = grid.Along(across);
  const double first = across_axis.Faces().front();
  const double last = across_axis.Faces().back();
  double low = across_position - 0.5 * port.span;
  double high = across_position + 0.5 * port.span;
  if (grid.PmlThickness(across) == 0) {
    low = std::max(low, first);
    high = std::min(high, last);
  }
  const double slack = 1e-6 * across_axis.Width(0);
  if (low < first - slack || high > last + slack) {
    base::Fail(
        "{} spans {:.6g} to {:.6g} um across, but the grid with its PML ends at {:.6g} and {:.6g} "
        "um: shorten ports.span or enlarge grid.size",
        who, low, high, first, last);
  }
  line.begin = NearestFace(across_axis, low);
  line.end = NearestFace(across_axis, high);
  if (line.end - line.begin < 4 && across_axis.Cells() > 4) {
    base::Fail(
        "{} has a span of {:.6g} um, {} cells; at least 4 cells are needed: enlarge ports.span",
        who, port.span, line.end - line.begin);
  }
  return line;
}

}  // namespace symwave::domain
