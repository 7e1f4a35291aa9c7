#include "solvers/fdfd/port_mode.hpp"

#include <algorithm>

#include "domain/base/error.hpp"
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

/// `line` with half its span more on both sides, up to the PML or the wall.
domain::PortLine WithTails(const domain::Grid& grid, const domain::PortLine& line) {
  const AxisName across = Across(line);
  const int pml = grid.PmlCells(across);
  const int half = (line.end - line.begin) / 2;
  domain::PortLine wide = line;
  wide.begin = std::min(line.begin, std::max(pml, line.begin - half));
  wide.end = std::max(line.end, std::min(grid.Along(across).Cells() - pml, line.end + half));
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

PortMode MakePortMode(const std::string& name, const domain::PortLine& line,
                      const modes::CrossSection& section, const modes::Mode& mode, double layer) {
  PortMode port{name, line, mode, {}, {}, layer};
  for (size_t k = 0; k < mode.profile.size(); ++k) {
    port.weight.push_back(section.width[k] * section.stretch_centre[k] * section.alpha_along[k]);
    port.source.push_back(Complex(0.0, -2.0) * mode.flux_factor * port.weight[k] * mode.profile[k]);
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

[[noreturn]] void NoSuchMode(const domain::Port& port, int index,
                             const std::vector<modes::Mode>& modes, const std::string& reason) {
  const auto guided =
      std::count_if(modes.begin(), modes.end(), [](const modes::Mode& m) { return m.guided; });
  base::Fail(
      "{}port '{}' has no guided mode {}: its cross-section guides {} mode{}: {}place it across a "
      "guide of higher index than its surroundings, or ask for a lower mode",
      port.where.empty() ? "" : port.where + ": ", port.name, index, guided, guided == 1 ? "" : "s",
      reason);
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

std::vector<PortMode> SolvePorts(const domain::Grid& grid, const domain::Layout& layout,
                                 double omega, const std::vector<domain::Port>& ports) {
  std::vector<PortMode> result;
  for (const domain::Port& port : ports) {
    const domain::PortLine span = domain::LocatePort(grid, port);
    const domain::PortLine line = WithTails(grid, span);
    const double h = grid.Along(line.normal).Width(line.plane);
    const modes::CrossSection section = EvaluateWithTails(grid, layout, omega, span, line);
    const int wanted = 1 + *std::max_element(port.modes.begin(), port.modes.end());
    const std::vector<modes::Mode> modes = modes::SolveCrossSection(section, omega, h, wanted + 2);
    for (const int index : port.modes) {
      if (index >= static_cast<int>(modes.size()) || !modes[index].guided) {
        const bool known = index < static_cast<int>(modes.size());
        NoSuchMode(port, index, modes, known ? ReasonOfLeak(line, section, modes[index]) : "");
      }
      const std::string name = index == 0 ? port.name : port.name + "#" + std::to_string(index);
      result.push_back(MakePortMode(name, line, section, modes[index], h));
    }
  }
  return result;
}

}  // namespace symwave::solvers::fdfd
