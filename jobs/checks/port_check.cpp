#include "jobs/checks/port_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/dealt_sentences.hpp"
#include "domain/port_guides.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdtd/port_window.hpp"

namespace symwave::jobs::checks {

namespace {

using domain::PortGuides;

/// Light of a mode at a point across a port.
struct LitPoint {
  double u = 0, v = 0;  ///< um
  double density = 0;   ///< |E|^2, of Hz in the frequency domain |H|^2
  double area = 1;
};

/// Mode 0 of a window in which no guide is the port's own.
class CommonMode {
 public:
  CommonMode(const PortGuides& guides, const std::vector<LitPoint>& points)
      : guides_(guides), points_(points), shares_(guides.cores.size(), 0) {
    double all = 0;
    for (const LitPoint& p : points) {
      const std::vector<int> next = guides.CoresNextTo(p.u, p.v);
      for (const int core : next) {
        shares_[core] += p.density * p.area / static_cast<double>(next.size());
      }
      all += p.density * p.area;
    }
    for (double& share : shares_) share /= all;
  }

  /// A slot, or two guides so near each other that the mode is one of both: half of it at each, and
  /// light in the middle between them.
  bool IsOfAPair() const {
    constexpr double kEqual = 0.03, kLight = 1e-3;
    if (guides_.cores.size() != 2 || std::abs(shares_[0] - 0.5) > kEqual) return false;
    return Between() > kLight;
  }

  /// In percent, at each of the guides.
  std::string Text() const {
    std::string list;
    for (const double share : shares_) {
      list += fmt::format("{}{:.0f}", list.empty() ? "" : ", ", 100 * share);
    }
    return fmt::format(" (mode 0 has {} % of its light at these guides)", list);
  }

 private:
  /// Density where both cores are equally far, over the highest.
  double Between() const {
    const auto difference = [&](const LitPoint& p) {
      return std::abs(guides_.DistanceOf(guides_.cores[0], p.u, p.v) -
                      guides_.DistanceOf(guides_.cores[1], p.u, p.v));
    };
    double least = std::numeric_limits<double>::infinity();
    for (const LitPoint& p : points_) least = std::min(least, difference(p));
    double middle = 0, highest = 0;
    for (const LitPoint& p : points_) {
      highest = std::max(highest, p.density);
      if (difference(p) <= least + kSamePlace) middle = std::max(middle, p.density);
    }
    return middle / highest;
  }

  static constexpr double kSamePlace = 1e-6;  // um
  const PortGuides& guides_;
  const std::vector<LitPoint>& points_;
  std::vector<double> shares_;
};

/// Whether a port asks for nothing but the first mode, which may be that of a pair.
bool AsksForOneMode(const std::vector<domain::ModeChoice>& modes) {
  return modes == std::vector<domain::ModeChoice>{0};
}

std::string Warning(const std::string& where, const std::string& name, const PortGuides& guides) {
  return fmt::format("{}port '{}': {}", where.empty() ? "" : where + ": ", name, guides.Sentence());
}

/// Mode 0 at the points of each component of E.
std::vector<LitPoint> Mode0(MPI_Comm comm, const device::TimeDomainProblem& problem,
                            const domain::PortPlane& plane, double omega) {
  const domain::Lattice& lattice = problem.lattice;
  const auto modes = solvers::modes::SolveWaveguide(comm, lattice, problem.media,
                                                    {plane.axis, plane.node, plane.box, {}}, omega,
                                                    problem.time_step, 1);
  const solvers::modes::PlaneAxes axes = solvers::modes::AxesOfPlane(plane.axis);
  std::vector<LitPoint> points;
  for (const int axis : {axes.u, axes.v, plane.axis}) {
    const auto c = static_cast<domain::Component>(axis);
    if (!lattice.Has(c)) continue;
    const auto& field = axis == plane.axis ? modes.front().e_n : modes.front().Field(c);
    size_t p = 0;
    for (int v = plane.box.lo[axes.v]; v < plane.box.hi[axes.v]; ++v) {
      for (int u = plane.box.lo[axes.u]; u < plane.box.hi[axes.u]; ++u, ++p) {
        points.push_back({lattice.Position(c, axes.u, u), lattice.Position(c, axes.v, v),
                          std::norm(field[p]),
                          lattice.Weight(c, axes.u, u) * lattice.Weight(c, axes.v, v)});
      }
    }
  }
  return points;
}

std::vector<LitPoint> Mode0(const solvers::fdfd::PlanePoints& plane,
                            const domain::PermittivityMap& media, const domain::PlanePort& port,
                            double wavelength) {
  const solvers::fdfd::PortLine span = solvers::fdfd::LocateLine(plane, port);
  const auto modes = solvers::fdfd::SolvePortLine(plane, media, 2 * M_PI / wavelength, span, 1);
  std::vector<LitPoint> points;
  for (size_t k = 0; k < modes.front().profile.size(); ++k) {
    const int point = span.begin + static_cast<int>(k);
    points.push_back({plane.Position(span.Across(), point), 0, std::norm(modes.front().profile[k]),
                      plane.Width(span.Across(), point)});
  }
  return points;
}

}  // namespace

std::vector<std::string> GuideWarnings(MPI_Comm comm, const device::TimeDomainProblem& problem) {
  std::vector<std::string> warnings;
  const double omega = problem.middle_omega;
  for (const domain::PlanePort& port : problem.ports) {
    const domain::PortPlane plane = domain::LocatePort(problem.lattice, port);
    const PortGuides guides =
        solvers::fdtd::GuidesInWindow(comm, problem.lattice, problem.media, port, plane, omega);
    if (!guides.Several()) continue;
    std::string warning = Warning(port.where, port.name, guides);
    if (!guides.own) {
      const std::vector<LitPoint> points = Mode0(comm, problem, plane, omega);
      const CommonMode mode(guides, points);
      if (AsksForOneMode(port.modes) && mode.IsOfAPair()) continue;
      warning += mode.Text();
    }
    warnings.push_back(warning);
  }
  return warnings;
}

std::vector<std::string> GuideWarnings(MPI_Comm comm, const deck::DeviceOptions& options,
                                       const device::Device& device) {
  const double wavelength = options.MiddleWavelength();
  const solvers::fdfd::PlanePoints plane(*device.lattice);
  const domain::PermittivityMap media =
      device::MediaAt(device, options, wavelength, options.fabrication);
  return base::DealSentences(comm, device.ports.size(), [&](size_t p) -> base::Sentences {
    const domain::PlanePort& port = device.ports[p];
    const PortGuides guides = solvers::fdfd::GuidesInWindow(plane, media, port);
    if (!guides.Several()) return {};
    std::string warning = Warning(port.where, port.name, guides);
    if (!guides.own) {
      const std::vector<LitPoint> points = Mode0(plane, media, port, wavelength);
      const CommonMode mode(guides, points);
      if (AsksForOneMode(port.modes) && mode.IsOfAPair()) return {};
      warning += mode.Text();
    }
    return {warning};
  });
}

}  // namespace symwave::jobs::checks
