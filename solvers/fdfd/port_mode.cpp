#include "solvers/fdfd/port_mode.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/stencil.hpp"
#include "solvers/modes/leak.hpp"
#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// `span` with half the length of `own` more on both sides, up to the PML or the wall.
PortLine WithTails(const PlanePoints& points, const PortLine& span, const PortLine& own) {
  const int across = span.Across();
  const int half = (own.end - own.begin) / 2;
  PortLine wide = span;
  wide.begin = std::min(span.begin, std::max(points.PmlPoints(across, 0), own.begin - half));
  wide.end = std::max(span.end,
                      std::min(points.Count(across) - points.PmlPoints(across, 1), own.end + half));
  return wide;
}

/// The columns whose coefficients a port line needs.
ColumnRange LineColumns(const PortLine& line) {
  if (line.normal == AxisName::X) return {line.plane, line.plane + 1};
  return {line.begin, line.end};
}

PortMode MakePortMode(const domain::PlanePort& given, const domain::ModeChoice& choice,
                      const LineSection& section, const LineMode& mode) {
  const double omega = section.request.omega;
  PortMode port;
  port.name = domain::ModeName(given.name, choice);
  port.line = section.line;
  port.mode = mode;
  port.weight = section.weight;
  port.layer = section.cell;
  port.at = {given.at[0], given.at[1]};
  port.span = given.span[0];
  port.reference = std::exp(Complex(0, -port.line.offset) * mode.wave_number);
  port.direct = 0;
  for (size_t k = 0; k < mode.profile.size(); ++k) {
    const Complex flux = mode.FluxFactor(k) * port.weight[k] * mode.profile[k];
    const Complex reference = port.Phase(0, k);
    port.source.push_back(Complex(0.0, -2.0) * reference * flux);
    port.direct += reference * reference * flux * mode.profile[k] / (2 * omega);
  }
  return port;
}

/// Finds the points of a port, see LocateLine.
class LineLocator {
 public:
  LineLocator(const PlanePoints& points, const domain::PlanePort& port)
      : points_(points),
        port_(port),
        who_((port.where.empty() ? "" : port.where + ": ") + "port '" + port.name + "'") {
    if (domain::AxisOf(port.faces) == 2) {
      base::Fail("{} faces along z, but the problem is two-dimensional", who_);
    }
    domain::RequirePossible(points.Lattice(), port.modes, who_);
    domain::RequirePossible(points.Lattice(), port, who_);
    line_.normal = static_cast<AxisName>(domain::AxisOf(port.faces));
    line_.forward = domain::IsForward(port.faces);
  }

  PortLine Locate() {
    FindPlane();
    FindSpan();
    return line_;
  }

 private:
  void FindPlane() {
    const int axis = line_.Normal();
    const char name = "xy"[axis];
    const double at = port_.at[static_cast<size_t>(axis)];
    if (!points_.HasPml(axis, line_.forward ? 0 : 1)) {
      base::Fail(
          "{} faces along {}, where grid.boundary is a wall that would send its light back: use "
          "pml there",
          who_, name);
    }
    // One cell at least between the port and the end or its PML.
    const domain::Lattice& lattice = points_.Lattice();
    const int first = lattice.End(axis, 0).pml_cells + 1;
    const int end = points_.Count(axis) - lattice.End(axis, 1).pml_cells - 1;
    if (first >= end) {
      base::Fail(
          "{} has no room along {}: grid.size has {} cell{} between its PMLs, and a port stands "
          "one cell off them at least; enlarge grid.size, or take smaller cells",
          who_, name, end - first + 2, end - first + 2 == 1 ? "" : "s");
    }
    const double low = points_.Border(axis, first), high = points_.Border(axis, end);
    const double slack = 1e-6 * points_.Width(axis, first);
    if (at < low - slack || at > high + slack) {
      base::Fail(
          "{} stands at {} = {:.6g} um, outside the grid: a port along {} stands one cell off the "
          "PML at least, from {:.6g} to {:.6g} um; move ports.at or enlarge grid.size",
          who_, name, at, name, low, high);
    }
    line_.plane = std::clamp(points_.PointAt(axis, at, line_.forward), first, end - 1);
    line_.offset = (line_.forward ? 1 : -1) * (at - points_.Position(axis, line_.plane));
    RequireEqualLayers();
  }

  /// The mode of the lattice is that of equal layers, up to two further into the device.
  void RequireEqualLayers() const {
    const int axis = line_.Normal();
    const int last = line_.plane + (line_.forward ? 3 : -2);
    for (int f = std::min(line_.plane, last); f <= std::max(line_.plane + 1, last); ++f) {
      if (f < 0 || f > points_.Count(axis)) continue;
      const double width = points_.Spacing(axis, f), own = points_.Width(axis, line_.plane);
      if (std::abs(width - own) <= 1e-6 * own) continue;
      base::Fail(
          "{} stands where the cells along {} change from {:.6g} to {:.6g} um, but its modes are "
          "those of equal cells: move ports.at or the refinement by a few cells",
          who_, "xy"[axis], own, width);
    }
  }

  void FindSpan() {
    const int axis = line_.Across();
    const int count = points_.Count(axis);
    const double span = port_.span[0], middle = port_.at[static_cast<size_t>(axis)];
    const std::array<double, 2> ends{points_.Border(axis, 0), points_.Border(axis, count)};
    std::array<double, 2> limits{middle - 0.5 * span, middle + 0.5 * span};
    if (points_.Periodic(axis)) {
      base::Fail("{} spans a periodic axis; let grid.boundary end in pml, pec or pmc along {}",
                 who_, "xy"[axis]);
    }
    if (!points_.HasPml(axis, 0)) limits[0] = std::max(limits[0], ends[0]);
    if (!points_.HasPml(axis, 1)) limits[1] = std::min(limits[1], ends[1]);
    const double slack = 1e-6 * points_.Width(axis, 0);
    if (limits[0] < ends[0] - slack || limits[1] > ends[1] + slack) {
      base::Fail(
          "{} spans {:.6g} to {:.6g} um across, but the grid with its PML ends at {:.6g} and "
          "{:.6g} um: shorten ports.span or enlarge grid.size",
          who_, limits[0], limits[1], ends[0], ends[1]);
    }
    line_.begin = points_.NearestBorder(axis, limits[0]);
    line_.end = points_.NearestBorder(axis, limits[1]);
    if (line_.end - line_.begin < 4 && count > 4) {
      base::Fail(
          "{} has a span of {:.6g} um, {} cells; at least 4 cells are needed: enlarge ports.span",
          who_, span, line_.end - line_.begin);
    }
  }

  const PlanePoints& points_;
  const domain::PlanePort& port_;
  std::string who_;
  PortLine line_;
};

[[noreturn]] void NoSuchMode(const domain::PlanePort& port, const domain::PortGuides& guides,
                             const domain::ModeChoice& choice, const std::vector<LineMode>& modes,
                             const std::string& reason) {
  const auto guided =
      std::count_if(modes.begin(), modes.end(), [](const LineMode& m) { return m.guided; });
  base::Fail("{}port '{}' has no guided mode {}: its cross-section guides {} mode{}: {}{}",
             port.where.empty() ? "" : port.where + ": ", port.name, choice.Text(), guided,
             guided == 1 ? "" : "s", reason, guides.WhyNoMode());
}

std::string ReasonOfLeak(const domain::PlanePort& port, const LineMode& mode) {
  const double n_eff = mode.n_eff.real();
  const char outer = domain::IsForward(port.bend.towards) ? '-' : '+';
  if (port.bend.radius == 0 || mode.edge.empty() || mode.edge.front() != outer) {
    return modes::LeakReason(n_eff, mode.edge_index, mode.edge);
  }
  const double way = std::max(mode.way.front(), mode.way.back());
  return modes::LeakReasonOfBend(n_eff, mode.edge_index, way, port.bend.radius);
}

/// The part of a port's line that belongs to the guide at its centre.
PortLine OwnPart(const PortLine& span, const domain::PortGuides& guides) {
  PortLine own = span;
  own.begin = span.begin + guides.lo[0];
  own.end = span.begin + guides.hi[0];
  return own;
}

}  // namespace

PortLine LocateLine(const PlanePoints& points, const domain::PlanePort& port) {
  return LineLocator(points, port).Locate();
}

long PortMode::Unknown(const PlanePoints& points, size_t k, int layers) const {
  const long layer_number = line.plane + (line.forward ? layers : -layers);
  const long c = line.begin + static_cast<long>(k);
  return line.normal == AxisName::X ? layer_number * points.Ny() + c
                                    : c * points.Ny() + layer_number;
}

std::vector<LineMode> SolvePortLine(const PlanePoints& points, const domain::PermittivityMap& media,
                                    double omega, const PortLine& line, int count) {
  return SolveLine(points, SectionOfLine(points, media, omega, line, line, {}, count));
}

domain::PortGuides GuidesInWindow(const PlanePoints& points, const domain::PermittivityMap& media,
                                  const domain::PlanePort& port) {
  const PortLine span = LocateLine(points, port);
  const Coefficients coefficients(points, media, LineColumns(span));
  const bool along_x = span.normal == AxisName::X;
  const int across = span.Across();
  domain::PortWindow window;
  window.positions[1] = {0};
  window.centre = {port.at[static_cast<size_t>(across)], 0};
  window.axes[0] = "xy"[across];
  window.open = {{{points.HasPml(across, 0) || span.begin > 0,
                   points.HasPml(across, 1) || span.end < points.Count(across)},
                  {false, false}}};
  for (int c = span.begin; c < span.end; ++c) {
    window.positions[0].push_back(points.Position(across, c));
    window.eps.push_back(
        (along_x ? coefficients.MeanEps(span.plane, c) : coefficients.MeanEps(c, span.plane))
            .real());
  }
  return domain::FindGuides(std::move(window));
}

PortSection SectionOf(const PlanePoints& points, const domain::PermittivityMap& media, double omega,
                      const domain::PlanePort& port) {
  base::FaultPoint("frequency_domain/ports");
  PortSection result;
  const PortLine span = LocateLine(points, port);
  result.guides = GuidesInWindow(points, media, port);
  const PortLine own = OwnPart(span, result.guides);
  const modes::GuideCurve curve = modes::CurveOf(port);
  const PortLine line = curve.Straight() ? WithTails(points, span, own) : span;
  int count = 1;
  for (const domain::ModeChoice& choice : port.modes) count = std::max(count, 3 + choice.order);
  result.section = SectionOfLine(points, media, omega, line, own, curve, count);
  return result;
}

std::vector<PortMode> ModesOfPort(const domain::PlanePort& port, const PortSection& of,
                                  const std::vector<LineMode>& modes) {
  std::vector<PortMode> result;
  for (const domain::ModeChoice& choice : port.modes) {
    const auto index = static_cast<size_t>(choice.order);
    if (index >= modes.size() || !modes[index].guided) {
      NoSuchMode(port, of.guides, choice, modes,
                 index < modes.size() ? ReasonOfLeak(port, modes[index]) : "");
    }
    result.push_back(MakePortMode(port, choice, of.section, modes[index]));
  }
  return result;
}

}  // namespace symwave::solvers::fdfd
