#include "solvers/fdfd/port_guides.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace symwave::solvers::fdfd {

using domain::AxisName;

namespace {

/// Amplitude that the PML of the grid keeps at index 1, see domain::PmlStretch.
constexpr double kPmlReflection = 1e-6;

/// Re of the mean eps in the cells of a port's line, on any layer along its normal.
class LineMedia {
 public:
  LineMedia(const domain::Grid& grid, const domain::Layout& layout, const domain::PortLine& line)
      : grid_(grid), layout_(layout), line_(line) {}

  std::vector<double> operator()(int layer) {
    std::vector<double> eps;
    const bool along_x = line_.normal == AxisName::X;
    // Columns hold whole layers along y; of layers along x each needs one column.
    if (along_x || !columns_) {
      const domain::ColumnRange range = along_x ? domain::ColumnRange{layer, layer + 1}
                                                : domain::ColumnRange{line_.begin, line_.end};
      columns_ = std::make_shared<domain::Permittivity>(
          domain::EvaluatePermittivity(grid_, layout_, range));
    }
    for (int c = line_.begin; c < line_.end; ++c) {
      eps.push_back((along_x ? columns_->MeanEps(layer, c) : columns_->MeanEps(c, layer)).real());
    }
    return eps;
  }

 private:
  const domain::Grid& grid_;
  const domain::Layout& layout_;
  domain::PortLine line_;
  std::shared_ptr<domain::Permittivity> columns_;
};

/// The mode goes on beyond an end of its line as exp(-2 decay x), with the power that it has some
/// way inside: at the end itself u = 0 bends it.
void FindOutside(const domain::Axis& across, const PortMode& port, const std::vector<double>& eps,
                 double omega, yee::PortGuide& guide) {
  constexpr double kHeld = 1e-5;
  const int cells = static_cast<int>(guide.weight.size());
  for (const bool at_end : {false, true}) {
    if (at_end ? port.line.end == across.Cells() : port.line.begin == 0) continue;
    const double square = guide.n_eff * guide.n_eff - (at_end ? eps.back() : eps.front());
    if (square <= 0) continue;
    const double decay = omega * std::sqrt(square);
    const double width = across.Width(at_end ? port.line.end - 1 : port.line.begin);
    const int inside = std::clamp(static_cast<int>(1 / (decay * width)), 1, std::max(1, cells / 4));
    const double density = guide.weight[at_end ? cells - 1 - inside : inside] / width;
    const double share = density * std::exp(-2 * decay * (inside + 0.5) * width) / (2 * decay);
    guide.outside += share;
    if (share > kHeld) {
      // The line is twice as wide as the span.
      guide.wider = std::max(guide.wider, std::log(share / kHeld) / (4 * decay));
    }
  }
}

yee::PortGuide GuideOf(const domain::Grid& grid, const domain::Layout& layout,
                       const domain::Port& port, const PortMode& mode, double omega) {
  const domain::Axis& normal = grid.Along(mode.line.normal);
  const domain::Axis& across =
      grid.Along(mode.line.normal == AxisName::X ? AxisName::Y : AxisName::X);
  yee::PortGuide guide;
  guide.port = port.name;
  guide.mode = mode.name;
  guide.where = port.where;
  guide.axis = mode.line.normal == AxisName::X ? 0 : 1;
  guide.forward = mode.line.forward;
  guide.wavelength = 2 * M_PI / omega;
  guide.n_eff = mode.mode.n_eff.real();
  for (int i = 0; i < normal.Cells(); ++i) guide.position.push_back(normal.Centre(i));
  guide.plane = mode.line.plane;
  const int pml = grid.PmlCells(mode.line.normal);
  guide.inside = {normal.Face(pml), normal.Face(normal.Cells() - pml)};
  guide.ends = {normal.Faces().front(), normal.Faces().back()};
  double sum = 0;
  for (size_t k = 0; k < mode.mode.profile.size(); ++k) {
    const int cell = mode.line.begin + static_cast<int>(k);
    guide.across.push_back({across.Centre(cell), 0});
    guide.weight.push_back(std::norm(mode.mode.profile[k]) * across.Width(cell));
    sum += guide.weight.back();
  }
  for (double& weight : guide.weight) weight /= sum;
  const auto media = std::make_shared<LineMedia>(grid, layout, mode.line);
  guide.eps = [media](int layer) { return (*media)(layer); };
  FindOutside(across, mode, guide.eps(guide.plane), omega, guide);
  guide.returned = yee::ReturnedByPml(kPmlReflection, 1, guide.n_eff);
  return guide;
}

}  // namespace

std::vector<yee::PortGuide> PortGuides(MPI_Comm comm, const domain::Grid& grid,
                                       const domain::Layout& layout, double omega,
                                       const std::vector<domain::Port>& ports,
                                       modes::CrossSectionModes& known) {
  const std::vector<PortMode> modes = SolvePorts(comm, grid, layout, omega, ports, known);
  std::vector<yee::PortGuide> guides;
  for (const domain::Port& port : ports) {
    for (size_t m = 0; m < port.modes.size(); ++m) {
      guides.push_back(GuideOf(grid, layout, port, modes[guides.size()], omega));
    }
  }
  return guides;
}

}  // namespace symwave::solvers::fdfd
