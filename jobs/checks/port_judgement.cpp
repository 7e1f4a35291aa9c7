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

namespace {

ScatteringEvidence EvidenceOf(const std::vector<domain::PlanePort>& ports,
                              const solvers::yee::ScatteringMatrix& matrix, bool lossless) {
  ScatteringEvidence evidence;
  evidence.wavelengths = matrix.wavelengths;
  evidence.s = matrix.s;
  evidence.incoming = matrix.incoming;
  for (const auto& mode : matrix.modes) {
    const domain::PlanePort& port = ports[static_cast<size_t>(mode.port)];
    evidence.modes.push_back(
        {mode.name, port.where, static_cast<int>(port.faces), mode.launch_error, Named(port.name)});
  }
  for (size_t w = 0; w < matrix.wavelengths.size(); ++w) {
    auto& n_eff = evidence.n_eff.emplace_back();
    for (const auto& mode : matrix.modes) n_eff.push_back(mode.n_eff[w]);
    auto& power = evidence.power.emplace_back();
    for (const auto& shares : matrix.power[w]) {
      power.push_back({shares.radiated, shares.absorbed, shares.BalanceError(lossless)});
    }
  }
  return evidence;
}

}  // namespace

ScatteringEvidence EvidenceOf(const device::TimeDomainProblem& problem,
                              const solvers::yee::ScatteringMatrix& matrix, double left) {
  ScatteringEvidence evidence = EvidenceOf(problem.ports, matrix, problem.lossless);
  evidence.left = left;
  evidence.rounding = 1e-5;  // of float32, and of the usual PML
  evidence.suspect = SuspectOf(problem.resolution, problem.lattice);
  return evidence;
}

ScatteringEvidence EvidenceOf(const deck::DeviceOptions& options, const device::Device& device,
                              const solvers::yee::ScatteringMatrix& matrix) {
  ScatteringEvidence evidence = EvidenceOf(device.ports, matrix, false);
  evidence.passive = Passive(options);
  evidence.rounding = 1e-8;
  evidence.suspect = SuspectOf(device.resolution, *device.lattice);
  return evidence;
}

void WarnOfScattering(const ScatteringEvidence& evidence, nlohmann::ordered_json& summary) {
  GiveWarnings(JudgeScattering(evidence));
  const solvers::yee::ScatteringLimits limits = LimitsOf(evidence);
  summary["reciprocity_limit"] = limits.reciprocity;
  summary["energy_balance_limit"] = limits.balance;
}

}  // namespace symwave::jobs::checks
