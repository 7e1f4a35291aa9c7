#include "jobs/simulate/frequency/job.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "domain/base/log.hpp"
#include "domain/base/rank_groups.hpp"
#include "io/progress.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/checks/sweep_defects.hpp"
#include "jobs/device/device.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/frequency/results.hpp"
#include "solvers/fdfd/scattering_message.hpp"
#include "solvers/fdfd/sweep.hpp"

namespace symwave::jobs::simulate::frequency {

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
                                 const solvers::fdfd::SolverStatistics& statistics) {
  const checks::SweepDefects defects = checks::SweepDefectsOf(sweep);
  nlohmann::ordered_json summary{{"job", "simulate"},
                                 {"reciprocity_defect", defects.reciprocity_defect},
                                 {"energy_balance_error", defects.energy_balance_error},
                                 {"max_relative_residual", defects.max_relative_residual},
                                 {"solves", statistics.solves},
                                 {"factorizations", statistics.factorizations},
                                 {"memory_mb", statistics.memory_mb},
                                 {"memory_mb_per_rank", statistics.memory_mb_max},
                                 {"workspace_retries", statistics.workspace_retries}};
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

/// A point of a sweep as 64-bit words: their number of bytes, and the bytes.
std::vector<std::int64_t> WordsOf(const Scattering& point) {
  base::Packer packer;
  Pack(point, packer);
  const std::vector<char>& bytes = packer.Bytes();
  std::vector<std::int64_t> words(1 + (bytes.size() + 7) / 8, 0);
  words[0] = static_cast<std::int64_t>(bytes.size());
  std::memcpy(words.data() + 1, bytes.data(), bytes.size());
  return words;
}

Scattering PointOf(const std::vector<std::int64_t>& words) {
  std::vector<char> bytes(static_cast<size_t>(words.at(0)));
  std::memcpy(bytes.data(), words.data() + 1, bytes.size());
  base::Unpacker packed(bytes);
  return solvers::fdfd::UnpackScattering(packed);
}

/// The points of a sweep that are solved, the middle one first, which is solved again: its fields
/// are not kept.
void SaveOrRestoreSweep(base::StateArchive& archive, std::vector<Scattering>& sweep) {
  auto count = static_cast<std::int64_t>(sweep.size());
  archive.Value("points", count);
  sweep.resize(static_cast<size_t>(count));
  for (size_t k = 1; k < sweep.size(); ++k) {
    std::vector<std::int64_t> words;
    if (!archive.Restoring()) words = WordsOf(sweep[k]);
    archive.Values(fmt::format("point/{}", k), words);
    if (archive.Restoring()) sweep[k] = PointOf(words);
  }
}

class FrequencySimulation : public run::Job {
 public:
  FrequencySimulation(MPI_Comm comm, deck::SimulateOptions options)
      : comm_(comm), options_(std::move(options)), device_(device::BuildDevice(options_)) {
    RequireColumns(comm_, options_, device_);
  }

  run::MemoryNeed Memory() override {
    const int ranks = options_.wavelengths.size() > 1 ? RanksPerWavelength(comm_, options_, device_)
                                                      : base::Communicator::SizeOf(comm_);
    return SolveMemory(options_, device_, ranks);
  }

  std::vector<std::string> Check() override {
    return checks::FrequencyDomainWarnings(comm_, options_, device_);
  }

  std::string Plan(bool /*fits*/) override {
    const size_t wavelengths = options_.wavelengths.size();
    const int ports = PortModes(device_);
    return DevicePlan(comm_, options_, device_) +
           fmt::format("  unknowns       {}\n  port modes     {}\n", device_.grid.Unknowns(),
                       ports) +
           SolveMemoryText(comm_, options_, device_) +
           fmt::format("  factorizations {}\n  solves         {} right-hand sides\n", wavelengths,
                       wavelengths * ports);
  }

  void Run(run::RunContext& context) override {
    const checks::MeshError mesh_error = checks::EstimateMeshError(comm_, options_, device_);
    checks::LogLattice(options_, mesh_error);
    solvers::fdfd::SolverStatistics statistics;
    const std::vector<Scattering> sweep = Solve(context, statistics);
    PrintScattering(sweep[sweep.size() / 2]);
    const checks::SweepDefects defects = checks::SweepDefectsOf(sweep);
    base::Info(
        "over {} wavelength{}: residual {:.1e}, reciprocity defect {:.1e}, energy balance "
        "error {:.1e}",
        sweep.size(), sweep.size() == 1 ? "" : "s", defects.max_relative_residual,
        defects.reciprocity_defect, defects.energy_balance_error);
    checks::WarnOfResidual(defects);
    context.Summary() = Summarize(sweep, statistics);
    checks::WarnOfScattering(checks::EvidenceOf(options_, device_, sweep), context.Summary());
    context.Summary()["mesh_error_estimate"] = mesh_error.Json();
    context.Write("writing the S-matrix",
                  [&](io::Hdf5File& file) { WriteScattering(file, "", sweep); });
    context.Write("writing the error of the mesh",
                  [&](io::Hdf5File& file) { checks::WriteMeshError(file, mesh_error); });
  }

 private:
  /// The middle wavelength on all ranks, as its fields are shown; then the others on groups of
  /// ranks. In the order of the deck.
  std::vector<Scattering> Solve(run::RunContext& context,
                                solvers::fdfd::SolverStatistics& statistics) const {
    io::Progress progress = context.StartProgress(
        "wavelengths", static_cast<long>(options_.wavelengths.size()), "wavelength");
    std::vector<Scattering> sweep{SolveMiddle(context, statistics)};
    progress.Step(fmt::format("{:.4f} um", sweep.front().wavelength));
    std::vector<double> others = options_.wavelengths;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(others.size() / 2));
    const auto exchange = [&sweep](base::StateArchive& archive) {
      SaveOrRestoreSweep(archive, sweep);
    };
    context.Restore(exchange);
    others.erase(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(sweep.size()) - 1);
    progress.Set(static_cast<long>(sweep.size()));
    const auto scope = context.Timers().Measure("solve");
    const base::RankGroups groups(comm_, RanksPerWavelength(comm_, options_, device_),
                                  std::max(1, static_cast<int>(others.size())));
    solvers::fdfd::Sweep rest(groups, device_.grid, device::SolverOptionsOf(options_),
                              device_.known_modes);
    const auto layout_at = [this](double wavelength) {
      return device::MakeLayout(device_, options_, wavelength, options_.fabrication);
    };
    const long total = static_cast<long>(options_.wavelengths.size());
    rest.Solve(others, layout_at, device_.ports,
               [&](size_t, const std::vector<Scattering>& points) {
                 sweep.insert(sweep.end(), points.begin(), points.end());
                 const long done = static_cast<long>(sweep.size());
                 progress.Set(done, fmt::format("{:.4f} um", points.back().wavelength));
                 return context.GoesOn(exchange, done, total, "wavelength");
               });
    if (static_cast<long>(sweep.size()) < total) context.Stop();
    progress.Finish();
    statistics += rest.Statistics();
    const auto middle = static_cast<std::ptrdiff_t>(options_.wavelengths.size() / 2);
    std::rotate(sweep.begin(), sweep.begin() + 1, sweep.begin() + 1 + middle);
    return sweep;
  }

  Scattering SolveMiddle(run::RunContext& context,
                         solvers::fdfd::SolverStatistics& statistics) const {
    const double wavelength = options_.MiddleWavelength();
    const domain::Layout layout =
        device::MakeLayout(device_, options_, wavelength, options_.fabrication);
    solvers::fdfd::Simulation simulation(comm_, device_.grid, device::SolverOptionsOf(options_),
                                         device_.known_modes);
    Scattering point;
    {
      const auto scope = context.Timers().Measure("solve");
      point = simulation.Solve(wavelength, layout, device_.ports, Keep::Fields);
    }
    statistics = simulation.Statistics();
    const auto scope = context.Timers().Measure("output");
    WriteFields(context, layout, simulation, point);
    return point;
  }

  /// Of the point that was solved last.
  void WriteFields(run::RunContext& context, const domain::Layout& layout,
                   const solvers::fdfd::Simulation& simulation, const Scattering& point) const {
    const int inputs = static_cast<int>(point.ports.size());
    context.Write("the pictures of the fields", [&](io::Hdf5File& file) {
      WriteView(file, "", device_.grid, layout, simulation, inputs);
    });
    if (!options_.output.fields) return;
    std::vector<std::string> names;
    for (const auto& port : point.ports) names.push_back(port.name);
    context.Try("the field files", [&] {
      WriteFieldFiles(comm_, context.Directory(), device_.grid, layout, simulation, names);
    });
  }

  MPI_Comm comm_;
  deck::SimulateOptions options_;
  device::Device device_;
};

}  // namespace

std::unique_ptr<run::Job> MakeFrequencySimulation(MPI_Comm comm,
                                                  const deck::SimulateOptions& options) {
  return std::make_unique<FrequencySimulation>(comm, options);
}

}  // namespace symwave::jobs::simulate::frequency
