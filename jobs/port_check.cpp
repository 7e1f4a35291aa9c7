#include "jobs/port_check.hpp"

#include "domain/port_guides.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdtd/port_window.hpp"

namespace symwave::jobs {

namespace {

using domain::PortGuides;

/// Shares of a mode 0 that several guides have in common, at each of them: in percent.
std::string SharesText(const PortGuides& guides, const std::vector<double>& density) {
  std::vector<double> shares(guides.cores.size(), 0);
  double all = 0;
  for (int v = 0, p = 0; v < guides.window.Points(1); ++v) {
    for (int u = 0; u < guides.window.Points(0); ++u, ++p) {
      shares[guides.CoreNextTo(u, v)] += density[p];
      all += density[p];
    }
  }
  std::string list;
  for (const double share : shares) {
    list += fmt::format("{}{:.0f}", list.empty() ? "" : ", ", 100 * share / all);
  }
  return fmt::format(" (mode 0 has {} % of its light at these guides)", list);
}

std::string Warning(const std::string& where, const std::string& name, const PortGuides& guides) {
  return fmt::format("{}port '{}': {}", where.empty() ? "" : where + ": ", name, guides.Sentence());
}

/// |E|^2 of mode 0 at the points of the window.
std::vector<double> Density(MPI_Comm comm, const TimeDomainProblem& problem,
                            const domain::PortPlane& plane, double omega) {
  const auto modes = solvers::modes::SolveWaveguide(comm, problem.lattice, problem.media,
                                                    {plane.axis, plane.node, plane.box, {}}, omega,
                                                    problem.time_step, 1);
  std::vector<double> density;
  for (size_t p = 0; p < modes.front().e_u.size(); ++p) {
    density.push_back(std::norm(modes.front().e_u[p]) + std::norm(modes.front().e_v[p]) +
                      std::norm(modes.front().e_n[p]));
  }
  return density;
}

}  // namespace

std::vector<std::string> PortWarnings(MPI_Comm comm, const TimeDomainProblem& problem) {
  std::vector<std::string> warnings;
  const auto band = problem.OmegaBand();
  const double omega = 0.5 * (band[0] + band[1]);
  for (const domain::PlanePort& port : problem.ports) {
    const domain::PortPlane plane = domain::LocatePort(problem.lattice, port);
    const PortGuides guides =
        solvers::fdtd::GuidesInWindow(comm, problem.lattice, problem.media, port, plane, omega);
    if (!guides.Several()) continue;
    std::string warning = Warning(port.where, port.name, guides);
    if (!guides.own) warning += SharesText(guides, Density(comm, problem, plane, omega));
    warnings.push_back(warning);
  }
  return warnings;
}

std::vector<std::string> PortWarnings(const DeckOptions& options, const Device& device) {
  std::vector<std::string> warnings;
  const double wavelength = options.MiddleWavelength();
  const domain::Layout layout = MakeLayout(device, options, wavelength, options.fabrication);
  for (const domain::Port& port : device.ports) {
    const PortGuides guides = solvers::fdfd::GuidesInWindow(device.grid, layout, port);
    if (!guides.Several()) continue;
    std::string warning = Warning(port.where, port.name, guides);
    if (!guides.own) {
      const domain::PortLine span = domain::LocatePort(device.grid, port);
      const auto modes =
          solvers::fdfd::SolvePortLine(device.grid, layout, 2 * M_PI / wavelength, span, 1);
      std::vector<double> density;
      for (const auto& value : modes.front().profile) density.push_back(std::norm(value));
      warning += SharesText(guides, density);
    }
    warnings.push_back(warning);
  }
  return warnings;
}

}  // namespace symwave::jobs
