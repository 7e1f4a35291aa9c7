#include "solvers/fdfd/port_guides.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "solvers/fdfd/coefficients.hpp"

namespace symwave::solvers::fdfd {

namespace {

/// Re of the mean eps at the points of a port's line, on any layer along its normal.
class LineMedia {
 public:
  LineMedia(const PlanePoints& points, const domain::PermittivityMap& media, const PortLine& line)
      : points_(points), media_(media), line_(line) {}

  std::vector<double> operator()(int layer) {
    std::vector<double> eps;
    const bool along_x = line_.normal == AxisName::X;
    // Columns hold whole layers along y; of layers along x each needs one column.
    if (along_x || !columns_) {
      const ColumnRange range =
          along_x ? ColumnRange{layer, layer + 1} : ColumnRange{line_.begin, line_.end};
      columns_ = std::make_shared<Coefficients>(points_, media_, range);
    }
    for (int c = line_.begin; c < line_.end; ++c) {
      eps.push_back((along_x ? columns_->MeanEps(layer, c) : columns_->MeanEps(c, layer)).real());
    }
    return eps;
  }

 private:
  PlanePoints points_;
  domain::PermittivityMap media_;
  PortLine line_;
  std::shared_ptr<Coefficients> columns_;
};

/// The mode goes on beyond an end of its line as exp(-2 decay x), with the power that it has some
/// way inside: at the end itself u = 0 bends it.
void FindOutside(const PlanePoints& points, const PortMode& port, const std::vector<double>& eps,
                 double omega, yee::PortGuide& guide) {
  constexpr double kHeld = 1e-5;
  const int across = port.line.Across();
  const int cells = static_cast<int>(guide.weight.size());
  for (const bool at_end : {false, true}) {
    if (at_end ? port.line.end == points.Count(across) : port.line.begin == 0) continue;
    const double square = guide.n_eff * guide.n_eff - (at_end ? eps.back() : eps.front());
    if (square <= 0) continue;
    const double decay = omega * std::sqrt(square);
    const double width = points.Width(across, at_end ? port.line.end - 1 : port.line.begin);
    const int inside = std::clamp(static_cast<int>(1 / (decay * width)), 1, std::max(1, cells / 4));
    const double density = guide.weight[at_end ? cells - 1 - inside : inside] / width;
    const double share = density * std::exp(-2 * decay * (inside + 0.5) * width) / (2 * decay);
    guide.outside += share;
    if (share > kHeld) {
      // The line of a straight guide is twice as wide as the span.
      const double line_by_span = guide.Curved() ? 1 : 2;
      guide.wider = std::max(guide.wider, std::log(share / kHeld) / (2 * line_by_span * decay));
    }
  }
}

yee::PortGuide GuideOf(const PlanePoints& points, const domain::PermittivityMap& media,
                       const domain::PlanePort& port, const PortMode& mode, double omega) {
  const int normal = mode.line.Normal(), across = mode.line.Across();
  const domain::Lattice& lattice = points.Lattice();
  yee::PortGuide guide;
  guide.port = port.name;
  guide.mode = mode.name;
  guide.where = port.where;
  guide.axis = normal;
  guide.forward = mode.line.forward;
  guide.curvature = yee::CurvatureOf(port);
  guide.neighbours = GuidesInWindow(points, media, port).Several();
  guide.wavelength = 2 * M_PI / omega;
  guide.n_eff = mode.mode.n_eff.real();
  for (int i = 0; i < points.Count(normal); ++i)
    guide.position.push_back(points.Position(normal, i));
  guide.plane = mode.line.plane;
  const int cells = lattice.Cells(normal);
  guide.inside = {lattice.Node(normal, lattice.End(normal, 0).pml_cells),
                  lattice.Node(normal, cells - lattice.End(normal, 1).pml_cells)};
  guide.ends = {lattice.Node(normal, 0), lattice.Node(normal, cells)};
  double sum = 0;
  for (size_t k = 0; k < mode.mode.profile.size(); ++k) {
    const int point = mode.line.begin + static_cast<int>(k);
    guide.across.push_back({points.Position(across, point), 0});
    guide.area.push_back(points.Width(across, point));
    guide.weight.push_back(std::norm(mode.mode.profile[k]) * guide.area.back());
    sum += guide.weight.back();
  }
  for (double& weight : guide.weight) weight /= sum;
  const auto along = std::make_shared<LineMedia>(points, media, mode.line);
  guide.eps = [along](int layer) { return (*along)(layer); };
  FindOutside(points, mode, guide.eps(guide.plane), omega, guide);
  guide.returned = yee::ReturnedByPml(kPmlReflection, 1, guide.n_eff);
  return guide;
}

}  // namespace

std::vector<yee::PortGuide> PortGuides(MPI_Comm comm, const PlanePoints& points,
                                       const domain::PermittivityMap& media, double omega,
                                       const std::vector<domain::PlanePort>& ports,
                                       KnownLines& known) {
  const std::vector<PortMode> modes = SolvePorts(comm, points, media, omega, ports, known);
  std::vector<yee::PortGuide> guides;
  for (const domain::PlanePort& port : ports) {
    for (size_t m = 0; m < port.modes.size(); ++m) {
      guides.push_back(GuideOf(points, media, port, modes[guides.size()], omega));
    }
  }
  return guides;
}

}  // namespace symwave::solvers::fdfd
