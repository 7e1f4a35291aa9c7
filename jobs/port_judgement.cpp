#include "jobs/port_judgement.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/deck_warnings.hpp"
#include "solvers/fdfd/port_guides.hpp"
#include "solvers/fdtd/port_guides.hpp"

namespace symwave::jobs {

namespace {

using solvers::yee::InputPower;
using solvers::yee::ScatteringEvidence;

double Longest(const DeckOptions& options) {
  return *std::max_element(options.wavelengths.begin(), options.wavelengths.end());
}

/// The port that a mode ("in", "in#1") belongs to.
const domain::Port& PortOf(const Device& device, const std::string& mode) {
  const std::string name = mode.substr(0, mode.find('#'));
  const auto port = std::find_if(device.ports.begin(), device.ports.end(),
                                 [&](const domain::Port& p) { return p.name == name; });
  base::Require(port != device.ports.end(), "modes are named after their ports");
  return *port;
}

bool Passive(const DeckOptions& options) {
  const auto table = MaterialTable(options, options.MiddleWavelength());
  return std::all_of(table.begin(), table.end(),
                     [](const auto& medium) { return medium.second.imag() >= 0; });
}

}  // namespace

std::vector<std::string> PortWarnings(MPI_Comm comm, const DeckOptions& options,
                                      const TimeDomainProblem& problem) {
  if (problem.ports.empty() || !options.sources.empty()) return {};
  return solvers::yee::JudgeGuides(solvers::fdtd::PortGuides(
      comm, problem.lattice, problem.media, problem.ports, 2 * M_PI / Longest(options),
      problem.time_step, problem.engine.pml));
}

std::vector<std::string> PortWarnings(const DeckOptions& options, const Device& device) {
  const double wavelength = Longest(options);
  const domain::Layout layout = MakeLayout(device, options, wavelength);
  return solvers::yee::JudgeGuides(
      solvers::fdfd::PortGuides(device.grid, layout, 2 * M_PI / wavelength, device.ports));
}

ScatteringEvidence EvidenceOf(const DeckOptions& options, const TimeDomainProblem& problem,
                              const solvers::fdtd::ScatteringSpectrum& spectrum, double left) {
  ScatteringEvidence evidence;
  evidence.wavelengths = spectrum.wavelengths;
  evidence.s = spectrum.s;
  evidence.incoming = spectrum.incoming;
  evidence.left = left;
  evidence.rounding = options.solver.time_domain.float64 ? 1e-10 : 1e-5;
  for (const auto& mode : spectrum.modes) {
    const domain::PlanePort& port = problem.ports[mode.port];
    evidence.modes.push_back({mode.name, port.where, static_cast<int>(port.faces)});
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

ScatteringEvidence EvidenceOf(const DeckOptions& options, const Device& device,
                              const std::vector<solvers::fdfd::Scattering>& sweep) {
  ScatteringEvidence evidence;
  evidence.passive = Passive(options);
  evidence.rounding = 1e-8;
  for (const auto& mode : sweep.front().ports) {
    const domain::Port& port = PortOf(device, mode.name);
    evidence.modes.push_back({mode.name, port.where, static_cast<int>(port.faces)});
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

}  // namespace symwave::jobs
