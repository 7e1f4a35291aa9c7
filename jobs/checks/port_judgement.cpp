#include "jobs/checks/port_judgement.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "domain/base/log.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/device/resolution.hpp"
#include "solvers/fdfd/port_guides.hpp"
#include "solvers/fdtd/port_guides.hpp"
#include "solvers/yee/thin_pml.hpp"

namespace symwave::jobs::checks {

namespace {

using solvers::yee::InputPower;
using solvers::yee::PortGuide;
using solvers::yee::ScatteringEvidence;

/// The guides at the longest wavelength, where modes reach furthest, and of those close to cut-off
/// there the wavelength of the deck at which that begins: effective indices fall with it.
template <class GuidesAt>
std::vector<PortGuide> GuidesOverBand(const deck::DeviceOptions& options, GuidesAt&& guides_at) {
  std::vector<double> wavelengths = options.wavelengths;
  std::sort(wavelengths.begin(), wavelengths.end());
  std::vector<PortGuide> guides = guides_at(wavelengths.back());
  std::map<size_t, std::vector<PortGuide>> known;
  for (size_t g = 0; g < guides.size(); ++g) {
    if (!solvers::yee::CloseToCutOff(guides[g])) continue;
    size_t low = 0, high = wavelengths.size() - 1;
    const auto at = [&](size_t k) -> const PortGuide& {
      if (known.count(k) == 0) known[k] = guides_at(wavelengths[k]);
      return known[k][g];
    };
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (solvers::yee::CloseToCutOff(at(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (high + 1 == wavelengths.size()) continue;
    guides[g].from_wavelength = wavelengths[high];
    guides[g].from_n_eff = at(high).n_eff;
    guides[g].from_returned = at(high).returned;
  }
  return guides;
}

/// The port that a mode ("in", "in#1") belongs to.
const domain::PlanePort& PortOf(const device::Device& device, const std::string& mode) {
  const std::string name = mode.substr(0, mode.find('#'));
  const auto port = std::find_if(device.ports.begin(), device.ports.end(),
                                 [&](const domain::PlanePort& p) { return p.name == name; });
  base::Require(port != device.ports.end(), "modes are named after their ports");
  return *port;
}

/// The cause that shows before a run and explains most that its S may contradict.
std::string SuspectOf(const std::vector<device::MaterialResolution>& resolution,
                      const domain::Lattice& lattice) {
  const device::MaterialResolution coarsest = device::Coarsest(resolution);
  if (!coarsest.metal && !coarsest.Fine()) {
    return fmt::format(
        "the cells are the likely cause, {:.1f} per wavelength in '{}', fewer than {}: take "
        "grid.cell of at most {:.3g} um before anything else",
        coarsest.cells, coarsest.material, device::kFineEnough,
        coarsest.LargestCell(device::kFineEnough));
  }
  const solvers::yee::ThinPml thin = solvers::yee::FindThinPml(lattice);
  return thin.ends.empty() ? "" : thin.AsCause();
}

/// Whether a warning so far speaks of this port.
bool Named(const std::string& port) {
  const std::vector<std::string>& given = base::Warnings();
  return std::any_of(given.begin(), given.end(), [&](const std::string& warning) {
    return warning.find("port '" + port + "'") != std::string::npos ||
           warning.find("port '" + port + "#") != std::string::npos;
  });
}

bool Passive(const deck::DeviceOptions& options) {
  const auto table = device::MaterialTable(options, options.MiddleWavelength());
  return std::all_of(table.begin(), table.end(),
                     [](const auto& medium) { return medium.second.imag() >= 0; });
}

}  // namespace

std::vector<std::string> PortWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                      const device::TimeDomainProblem& problem) {
  if (problem.ports.empty() || !options.sources.empty()) return {};
  // As many modes as the run asks for at the end of a band, so that it finds them known.
  const int spare = options.wavelengths.size() > 1 ? 2 : 0;
  return solvers::yee::JudgeGuides(comm, GuidesOverBand(options, [&](double wavelength) {
                                     return solvers::fdtd::PortGuides(
                                         comm, problem.lattice, problem.media, problem.ports,
                                         2 * M_PI / wavelength, {problem.time_step, 1, spare},
                                         problem.engine.pml, *problem.known_modes);
                                   }));
}

std::vector<std::string> PortWarnings(MPI_Comm comm, const deck::DeviceOptions& options,
                                      const device::Device& device) {
  return solvers::yee::JudgeGuides(comm, GuidesOverBand(options, [&](double wavelength) {
                                     return solvers::fdfd::PortGuides(
                                         comm, solvers::fdfd::PlanePoints(*device.lattice),
                                         device::MediaAt(device, options, wavelength),
                                         2 * M_PI / wavelength, device.ports, *device.known_modes);
                                   }));
}

ScatteringEvidence EvidenceOf(const device::TimeDomainProblem& problem,
                              const solvers::fdtd::ScatteringSpectrum& spectrum, double left) {
  ScatteringEvidence evidence;
  evidence.wavelengths = spectrum.wavelengths;
  evidence.s = spectrum.s;
  evidence.incoming = spectrum.incoming;
  evidence.left = left;
  evidence.rounding = 1e-5;  // of float32, and of the usual PML
  evidence.suspect = SuspectOf(problem.resolution, problem.lattice);
  for (const auto& mode : spectrum.modes) {
    const domain::PlanePort& port = problem.ports[mode.port];
    evidence.modes.push_back(
        {mode.name, port.where, static_cast<int>(port.faces), mode.launch_error, Named(port.name)});
  }
  for (size_t w = 0; w < spectrum.wavelengths.size(); ++w) {
    auto& n_eff = evidence.n_eff.emplace_back();
    for (const auto& mode : spectrum.modes) n_eff.push_back(mode.n_eff[w]);
    auto& power = evidence.power.emplace_back();
    for (const auto& shares : spectrum.power[w]) {
      power.push_back({shares.radiated, shares.absorbed, shares.BalanceError(problem.lossless)});
    }
  }
  return evidence;
}

ScatteringEvidence EvidenceOf(const deck::DeviceOptions& options, const device::Device& device,
                              const std::vector<solvers::fdfd::Scattering>& sweep) {
  ScatteringEvidence evidence;
  evidence.passive = Passive(options);
  evidence.rounding = 1e-8;
  evidence.suspect = SuspectOf(device.resolution, *device.lattice);
  for (const auto& mode : sweep.front().ports) {
    const domain::PlanePort& port = PortOf(device, mode.name);
    evidence.modes.push_back(
        {mode.name, port.where, static_cast<int>(port.faces), 0, Named(port.name)});
  }
  for (const auto& point : sweep) {
    evidence.wavelengths.push_back(point.wavelength);
    evidence.s.push_back(point.s);
    evidence.incoming.push_back(point.incoming);
    auto& n_eff = evidence.n_eff.emplace_back();
    for (const auto& port : point.ports) n_eff.push_back(port.mode.n_eff);
    auto& power = evidence.power.emplace_back();
    for (const auto& shares : point.power) {
      power.push_back({shares.radiated, shares.absorbed, shares.balance_error});
    }
  }
  return evidence;
}

void WarnOfScattering(const ScatteringEvidence& evidence, nlohmann::ordered_json& summary) {
  GiveWarnings(JudgeScattering(evidence));
  const solvers::yee::ScatteringLimits limits = LimitsOf(evidence);
  summary["reciprocity_limit"] = limits.reciprocity;
  summary["energy_balance_limit"] = limits.balance;
}

}  // namespace symwave::jobs::checks
