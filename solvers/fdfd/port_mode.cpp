#include "solvers/fdfd/port_mode.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "solvers/fdfd/stencil.hpp"
#include "solvers/modes/leak.hpp"

namespace symwave::solvers::fdfd {

using domain::AxisName;
using domain::ColumnRange;

namespace {

AxisName Across(const domain::PortLine& line) {
  return line.normal == AxisName::X ? AxisName::Y : AxisName::X;
}

/// Flux factor at an end of a line of cells: that of the grid's wall, or of a line that is cut off
/// inside the grid, where u = 0 one cell further.
double EndFactor(const domain::Grid& grid, AxisName across, bool at_grid_end) {
  return at_grid_end ? WallFactor(grid, across) : 1.0;
}

modes::CrossSection LineCrossSection(const domain::Grid& grid,
                                     const domain::Permittivity& permittivity, double omega,
                                     const domain::PortLine& line) {
  const AxisName across = Across(line);
  const domain::Axis& axis = grid.Along(across);
  const domain::Stretch stretch = domain::PmlStretch(grid, across, omega);
  const bool along_x = line.normal == AxisName::X;
  modes::CrossSection section;
  for (int c = line.begin; c < line.end; ++c) {
    section.width.push_back(axis.Width(c));
    section.stretch_centre.push_back(stretch.centre[c]);
    section.beta.push_back(along_x ? permittivity.Beta(line.plane, c)
                                   : permittivity.Beta(c, line.plane));
    section.alpha_along.push_back(along_x ? permittivity.AlphaX(line.plane, c)
                                          : permittivity.AlphaY(c, line.plane));
  }
  for (int f = line.begin; f <= line.end; ++f) {
    section.spacing.push_back(axis.Spacing(f));
    section.stretch_face.push_back(stretch.face[f]);
    section.alpha_across.push_back(along_x ? permittivity.AlphaY(line.plane, f)
                                           : permittivity.AlphaX(f, line.plane));
  }
  section.wall_begin = EndFactor(grid, across, line.begin == 0);
  section.wall_end = EndFactor(grid, across, line.end == axis.Cells());
  const bool pml = grid.PmlThickness(across) > 0;
  section.open_begin = pml || line.begin > 0;
  section.open_end = pml || line.end < axis.Cells();
  return section;
}

/// Repeats the outermost cells `before` and `after` times: the guide without its neighbours.
template <class T>
void Extend(std::vector<T>& values, int before, int after) {
  values.insert(values.begin(), before, T(values.front()));
  values.insert(values.end(), after, T(values.back()));
}

/// `span` with half the length of `own` more on both sides, up to the PML or the wall.
domain::PortLine WithTails(const domain::Grid& grid, const domain::PortLine& span,
                           const domain::PortLine& own) {
  const AxisName across = Across(span);
  const int pml = grid.PmlCells(across);
  const int half = (own.end - own.begin) / 2;
  domain::PortLine wide = span;
  wide.begin = std::min(span.begin, std::max(pml, own.begin - half));
  wide.end = std::max(span.end, std::min(grid.Along(across).Cells() - pml, own.end + half));
  return wide;
}

/// The columns whose coefficients a port line needs.
ColumnRange LineColumns(const domain::PortLine& line) {
  if (line.normal == AxisName::X) return {line.plane, line.plane + 1};
  return {line.begin, line.end};
}

modes::CrossSection EvaluateLine(const domain::Grid& grid, const domain::Layout& layout,
                                 double omega, const domain::PortLine& line) {
  const domain::Permittivity permittivity =
      domain::EvaluatePermittivity(grid, layout, LineColumns(line));
  return LineCrossSection(grid, permittivity, omega, line);
}

/// Cross-section of `wide` that holds the medium of `line` and goes on with that at its ends.
modes::CrossSection EvaluateWithTails(const domain::Grid& grid, const domain::Layout& layout,
                                      double omega, const domain::PortLine& line,
                                      const domain::PortLine& wide) {
  const modes::CrossSection inner = EvaluateLine(grid, layout, omega, line);
  modes::CrossSection section = EvaluateLine(grid, layout, omega, wide);
  const int before = line.begin - wide.begin;
  const int after = wide.end - line.end;
  section.beta = inner.beta;
  section.alpha_along = inner.alpha_along;
  section.alpha_across = inner.alpha_across;
  Extend(section.beta, before, after);
  Extend(section.alpha_along, before, after);
  Extend(section.alpha_across, before, after);
  return section;
}

PortMode MakePortMode(const domain::Port& given, int index, const domain::PortLine& line,
                      const modes::CrossSection& section, const modes::Mode& mode, double layer) {
  PortMode port;
  port.name = index == 0 ? given.name : given.name + "#" + std::to_string(index);
  port.line = line;
  port.mode = mode;
  port.layer = layer;
  port.at = given.at;
  port.span = given.span;
  port.reference = std::exp(Complex(0, -line.offset) * mode.wave_number);
  for (size_t k = 0; k < mode.profile.size(); ++k) {
    port.weight.push_back(section.width[k] * section.stretch_centre[k] * section.alpha_along[k]);
    port.source.push_back(Complex(0.0, -2.0) * port.reference * mode.flux_factor * port.weight[k] *
                          mode.profile[k]);
  }
  return port;
}

/// Why mode `index` leaks through the denser end of the line, if it does.
std::string ReasonOfLeak(const domain::PortLine& line, const modes::CrossSection& section,
                         const modes::Mode& mode) {
  const auto end_index = [&](bool open, size_t k) {
    return open ? std::sqrt(section.beta[k] / section.alpha_along[k]).real() : 0.0;
  };
  const double begin = end_index(section.open_begin, 0);
  const double end = end_index(section.open_end, section.beta.size() - 1);
  const std::string axis = Across(line) == AxisName::X ? "x" : "y";
  return modes::LeakReason(mode.n_eff.real(), std::max(begin, end),
                           (begin >= end ? "-" : "+") + axis);
}

[[noreturn]] void NoSuchMode(const domain::Port& port, const domain::PortGuides& guides, int index,
                             const std::vector<modes::Mode>& modes, const std::string& reason) {
  const auto guided =
      std::count_if(modes.begin(), modes.end(), [](const modes::Mode& m) { return m.guided; });
  base::Fail("{}port '{}' has no guided mode {}: its cross-section guides {} mode{}: {}{}",
             port.where.empty() ? "" : port.where + ": ", port.name, index, guided,
             guided == 1 ? "" : "s", reason, guides.WhyNoMode());
}

/// The part of a port's line that belongs to the guide at its centre.
domain::PortLine OwnPart(const domain::PortLine& span, const domain::PortGuides& guides) {
  domain::PortLine own = span;
  own.begin = span.begin + guides.lo[0];
  own.end = span.begin + guides.hi[0];
  return own;
}

}  // namespace

long PortMode::Unknown(const domain::Grid& grid, size_t k) const {
  const long c = line.begin + static_cast<long>(k);
  return line.normal == AxisName::X ? static_cast<long>(line.plane) * grid.Ny() + c
                                    : c * grid.Ny() + line.plane;
}

std::vector<modes::Mode> SolvePortLine(const domain::Grid& grid, const domain::Layout& layout,
                                       double omega, const domain::PortLine& line, int count) {
  const double h = grid.Along(line.normal).Width(line.plane);
  return modes::SolveCrossSection(EvaluateLine(grid, layout, omega, line), omega, h, count);
}

domain::PortGuides GuidesInWindow(const domain::Grid& grid, const domain::Layout& layout,
                                  const domain::Port& port) {
  const domain::PortLine span = domain::LocatePort(grid, port);
  const domain::Permittivity permittivity =
      domain::EvaluatePermittivity(grid, layout, LineColumns(span));
  const bool along_x = span.normal == AxisName::X;
  const domain::Axis& axis = grid.Along(Across(span));
  const bool pml = grid.PmlThickness(Across(span)) > 0;
  domain::PortWindow window;
  window.positions[1] = {0};
  window.centre = {along_x ? port.at.y : port.at.x, 0};
  window.axes[0] = along_x ? 'y' : 'x';
  window.open = {{{pml || span.begin > 0, pml || span.end < axis.Cells()}, {false, false}}};
  for (int c = span.begin; c < span.end; ++c) {
    window.positions[0].push_back(axis.Centre(c));
    window.eps.push_back(
        (along_x ? permittivity.MeanEps(span.plane, c) : permittivity.MeanEps(c, span.plane))
            .real());
  }
  return domain::FindGuides(std::move(window));
}

PortSection SectionOf(const domain::Grid& grid, const domain::Layout& layout, double omega,
                      const domain::Port& port) {
  base::FaultPoint("frequency_domain/ports");
  PortSection result;
  const domain::PortLine span = domain::LocatePort(grid, port);
  result.guides = GuidesInWindow(grid, layout, port);
  const domain::PortLine own = OwnPart(span, result.guides);
  result.line = WithTails(grid, span, own);
  result.layer = grid.Along(result.line.normal).Width(result.line.plane);
  result.section = EvaluateWithTails(grid, layout, omega, own, result.line);
  result.count = 3 + *std::max_element(port.modes.begin(), port.modes.end());
  return result;
}

std::vector<PortMode> ModesOfPort(const domain::Port& port, const PortSection& of,
                                  const std::vector<modes::Mode>& modes) {
  std::vector<PortMode> result;
  for (const int index : port.modes) {
    if (index >= static_cast<int>(modes.size()) || !modes[index].guided) {
      const bool found = index < static_cast<int>(modes.size());
      NoSuchMode(port, of.guides, index, modes,
                 found ? ReasonOfLeak(of.line, of.section, modes[index]) : "");
    }
    result.push_back(MakePortMode(port, index, of.line, of.section, modes[index], of.layer));
  }
  return result;
}

}  // namespace symwave::solvers::fdfd
