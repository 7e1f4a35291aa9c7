#include "jobs/simulate.hpp"

#include <cmath>

#include "domain/base/log.hpp"
#include "domain/base/timer.hpp"
#include "io/progress.hpp"
#include "jobs/deck_warnings.hpp"
#include "jobs/device.hpp"
#include "jobs/mesh_error.hpp"
#include "jobs/port_judgement.hpp"
#include "jobs/results.hpp"

namespace symwave::jobs {

namespace {

using solvers::fdfd::Keep;
using solvers::fdfd::Scattering;

double Decibel(double power) {
  return 10 * std::log10(std::max(power, 1e-30));
}

/// S-parameters and energy of one wavelength, a row per input.
void PrintScattering(const Scattering& point) {
  base::Info("wavelength {:.4f} um", point.wavelength);
  base::Info("  {:<12} {:>10} {:>11} {:>9} {:>9} {:>9} {:>9}", "input", "n_eff", "transmitted",
             "reflected", "radiated", "absorbed", "error");
  for (size_t a = 0; a < point.ports.size(); ++a) {
    const auto& power = point.power[a];
    base::Info("  {:<12} {:>10.5f} {:>11.5f} {:>9.5f} {:>9.5f} {:>9.5f} {:>9.1e}",
               point.ports[a].name, point.ports[a].mode.n_eff.real(), power.transmitted,
               power.reflected, power.radiated, power.absorbed, power.balance_error);
  }
  for (size_t out = 0; out < point.ports.size(); ++out) {
    std::string row = fmt::format("  |S|^2 to {:<10}", point.ports[out].name);
    for (size_t in = 0; in < point.ports.size(); ++in) {
      row += fmt::format(" {:>8.2f}", Decibel(std::norm(point.s(out, in))));
    }
    base::Info("{} dB", row);
  }
}

nlohmann::ordered_json Summarize(const std::vector<Scattering>& sweep,
                                 const solvers::fdfd::SolverStatistics& statistics,
                                 double seconds) {
  const Trust trust = TrustOf(sweep);
  nlohmann::ordered_json summary{{"job", "simulate"},
                                 {"reciprocity_defect", trust.reciprocity_defect},
                                 {"energy_balance_error", trust.energy_balance_error},
                                 {"max_relative_residual", trust.max_relative_residual},
                                 {"solves", statistics.solves},
                                 {"factorizations", statistics.factorizations},
                                 {"memory_mb", statistics.memory_mb},
                                 {"memory_mb_per_rank", statistics.memory_mb_max},
                                 {"workspace_retries", statistics.workspace_retries},
                                 {"seconds", seconds}};
  const Scattering& middle = sweep[sweep.size() / 2];
  summary["wavelength_um"] = middle.wavelength;
  for (size_t in = 0; in < middle.ports.size(); ++in) {
    for (size_t out = 0; out < middle.ports.size(); ++out) {
      summary["power"][middle.ports[in].name][middle.ports[out].name] =
          std::norm(middle.s(out, in));
    }
  }
  return summary;
}

/// The point of a sweep whose fields are kept.
struct ShownPoint {
  const Device& device;
  const domain::Layout& layout;
  const solvers::fdfd::Simulation& simulation;
  const Scattering& scattering;
};

void WriteFields(io::Hdf5File& file, const std::string& directory, const DeckOptions& options,
                 const ShownPoint& point, Evaluation& evaluation) {
  const domain::Grid& grid = point.device.grid;
  const int inputs = static_cast<int>(point.scattering.ports.size());
  evaluation.Try("the pictures of the fields",
                 [&] { WriteView(file, "", grid, point.layout, point.simulation, inputs); });
  if (!options.output.fields) return;
  std::vector<std::string> names;
  for (const auto& port : point.scattering.ports) names.push_back(port.name);
  evaluation.Try("the field files", [&] {
    WriteFieldFiles(file.Comm(), directory, grid, point.layout, point.simulation, names);
  });
}

}  // namespace

void RunSimulation(MPI_Comm comm, const Deck& deck, const std::string& directory,
                   Evaluation& evaluation) {
  const double start = MPI_Wtime();
  base::Timers timers;
  const DeckOptions& options = deck.options;
  const Device device = BuildDevice(options);
  GiveWarnings(FrequencyDomainWarnings(options, device));
  const MeshError mesh_error = EstimateMeshError(options, device);
  LogLattice(options, mesh_error);
  solvers::fdfd::Simulation simulation(comm, device.grid, SolverOptionsOf(options));
  io::Hdf5File file = StartResults(comm, directory);

  std::vector<Scattering> sweep;
  const size_t middle = options.wavelengths.size() / 2;
  io::Progress progress(comm, "wavelengths", static_cast<long>(options.wavelengths.size()));
  for (size_t k = 0; k < options.wavelengths.size(); ++k) {
    const domain::Layout layout =
        MakeLayout(device, options, options.wavelengths[k], options.fabrication);
    {
      const auto scope = timers.Measure("solve");
      const Keep keep = k == middle ? Keep::Fields : Keep::Nothing;
      sweep.push_back(simulation.Solve(options.wavelengths[k], layout, device.ports, keep));
    }
    progress.Step(fmt::format("{:.4f} um", options.wavelengths[k]));
    if (k != middle) continue;
    const auto scope = timers.Measure("output");
    WriteFields(file, directory, options, {device, layout, simulation, sweep[k]}, evaluation);
  }
  progress.Finish();

  PrintScattering(sweep[middle]);
  const Trust trust = TrustOf(sweep);
  base::Info(
      "over {} wavelength{}: residual {:.1e}, reciprocity defect {:.1e}, energy balance "
      "error {:.1e}",
      sweep.size(), sweep.size() == 1 ? "" : "s", trust.max_relative_residual,
      trust.reciprocity_defect, trust.energy_balance_error);
  WarnOf(trust);
  auto summary = Summarize(sweep, simulation.Statistics(), 0);
  WarnOfScattering(EvidenceOf(options, device, sweep), summary);
  evaluation.Try("writing the S-matrix", [&] { WriteScattering(file, "", sweep); });
  evaluation.Try("writing the error of the mesh", [&] { WriteMeshError(file, mesh_error); });
  FinishResults(file, deck, timers.MaxOverRanks(comm), evaluation);
  summary["seconds"] = MPI_Wtime() - start;
  summary["mesh_error_estimate"] = mesh_error.Json();
  WriteSummaryFile(comm, directory, summary, evaluation);
}

}  // namespace symwave::jobs
