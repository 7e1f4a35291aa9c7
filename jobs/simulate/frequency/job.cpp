#include "jobs/simulate/frequency/job.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "domain/base/log.hpp"
#include "domain/base/rank_groups.hpp"
#include "domain/base/units.hpp"
#include "io/progress.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/checks/sweep_defects.hpp"
#include "jobs/device/device.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/frequency/results.hpp"
#include "jobs/simulate/frequency/wavelength_frames.hpp"
#include "jobs/simulate/frequency/work.hpp"
#include "solvers/fdfd/scattering_message.hpp"
#include "solvers/fdfd/solver_statistics.hpp"
#include "solvers/fdfd/sweep.hpp"

namespace symwave::jobs::simulate::frequency {

namespace {

using solvers::fdfd::Keep;
using solvers::fdfd::Scattering;
using solvers::fdfd::SolverStatistics;

nlohmann::ordered_json Summarize(const std::vector<Scattering>& sweep,
                                 const SolverStatistics& statistics) {
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

/// The points of a sweep that are solved, and what that took, resumed runs included.
struct SolvedPoints {
  std::vector<Scattering> points;
  SolverStatistics work;
};

void SaveOrRestore(base::StateArchive& archive, SolvedPoints& solved) {
  auto count = static_cast<std::int64_t>(solved.points.size());
  archive.Value("points", count);
  solved.points.resize(static_cast<size_t>(count));
  for (size_t k = 0; k < solved.points.size(); ++k) {
    std::vector<std::int64_t> words;
    if (!archive.Restoring()) words = WordsOf(solved.points[k]);
    archive.Values(fmt::format("point/{}", k), words);
    if (archive.Restoring()) solved.points[k] = PointOf(words);
  }
  solvers::fdfd::SaveOrRestore(archive, solved.work);
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
           fmt::format("  unknowns       {}\n  port modes     {}\n",
                       solvers::fdfd::PlanePoints(*device_.lattice).Unknowns(), ports) +
           SolveMemoryText(comm_, options_, device_) +
           fmt::format("  factorizations {}\n  solves         {} right-hand sides\n", wavelengths,
                       wavelengths * ports);
  }

  run::Work CountWork() override { return CountSweep(options_, device_); }

  void Run(run::RunContext& context) override {
    const checks::MeshError mesh_error = checks::EstimateMeshError(comm_, options_, device_);
    checks::LogLattice(options_, mesh_error);
    SolverStatistics statistics;
    const std::vector<Scattering> sweep = Solve(context, statistics);
    const auto matrix = solvers::fdfd::MatrixOf(sweep, device_.ports);
    PrintScattering({device_.ports, true, false}, matrix);
    const checks::SweepDefects defects = checks::SweepDefectsOf(sweep);
    base::Info(
        "over {} wavelength{}: residual {:.1e}, reciprocity defect {:.1e}, energy balance "
        "error {:.1e}",
        sweep.size(), sweep.size() == 1 ? "" : "s", defects.max_relative_residual,
        defects.reciprocity_defect, defects.energy_balance_error);
    checks::WarnOfResidual(defects);
    context.Summary() = Summarize(sweep, statistics);
    checks::WarnOfScattering(checks::EvidenceOf(options_, device_, matrix), context.Summary());
    context.Summary()["mesh_error_estimate"] = mesh_error.Json();
    context.Write("writing the S-matrix",
                  [&](io::Hdf5File& file) { WriteSweep(file, "", device_, sweep); });
    context.Write("writing the error of the mesh",
                  [&](io::Hdf5File& file) { checks::WriteMeshError(file, mesh_error); });
  }

 private:
  /// The middle wavelength is solved last, on all ranks, as its fields are shown and not kept: a
  /// resumed run solves it once, too. In the order of the deck.
  std::vector<Scattering> Solve(run::RunContext& context, SolverStatistics& statistics) const {
    io::Progress progress = context.StartProgress(
        "wavelengths", static_cast<long>(options_.wavelengths.size()), "wavelength");
    SolvedPoints solved;
    if (options_.wavelengths.size() > 1) SolveOthers(context, progress, solved);
    const Scattering middle = SolveMiddle(context, solved.work);
    progress.Step(fmt::format("{:.4f} um", middle.wavelength));
    progress.Finish();
    statistics = solved.work;
    const auto place = static_cast<std::ptrdiff_t>(options_.wavelengths.size() / 2);
    solved.points.insert(solved.points.begin() + place, middle);
    return solved.points;
  }

  /// All wavelengths but the middle one, on groups of ranks.
  void SolveOthers(run::RunContext& context, io::Progress& progress, SolvedPoints& solved) const {
    const long total = static_cast<long>(options_.wavelengths.size());
    std::vector<double> others = options_.wavelengths;
    others.erase(others.begin() + total / 2);
    const auto exchange = [&solved](base::StateArchive& archive) {
      SaveOrRestore(archive, solved);
    };
    context.Restore(exchange);
    const SolverStatistics earlier = solved.work;
    others.erase(others.begin(),
                 others.begin() + static_cast<std::ptrdiff_t>(solved.points.size()));
    progress.Set(static_cast<long>(solved.points.size()));
    const auto scope = context.Timers().Measure("solve");
    // As if nothing had been solved before: a wavelength has the same number of ranks.
    const base::RankGroups groups(comm_, RanksPerWavelength(comm_, options_, device_),
                                  static_cast<int>(total - 1));
    solvers::fdfd::Sweep sweep(groups, *device_.lattice, device::SolverOptionsOf(options_),
                               device_.known_modes);
    const auto media_at = [this](double wavelength) {
      return device::MediaAt(device_, options_, wavelength, options_.fabrication);
    };
    bool goes_on = true;
    const Keep keep = context.Frames().Wanted() ? Keep::Fields : Keep::Nothing;
    sweep.Solve(
        others, media_at, device_.ports,
        [&](size_t, const std::vector<Scattering>& points) {
          for (size_t k = 0; k < points.size(); ++k) {
            const bool mine = groups.GroupOf(static_cast<long>(k)) == groups.Number();
            Show(context, points[k], mine ? &sweep.OfGroup() : nullptr,
                 static_cast<long>(solved.points.size() + k + 1));
          }
          solved.points.insert(solved.points.end(), points.begin(), points.end());
          solved.work = earlier;
          solved.work += sweep.Statistics();
          const long done = static_cast<long>(solved.points.size());
          progress.Set(done, fmt::format("{:.4f} um", points.back().wavelength));
          goes_on = context.GoesOn(exchange, done, total, "wavelength");
          return goes_on;
        },
        keep);
    if (!goes_on) context.Stop();
  }

  /// Adds to `work` what it takes.
  Scattering SolveMiddle(run::RunContext& context, SolverStatistics& work) const {
    const double wavelength = options_.MiddleWavelength();
    const domain::PermittivityMap media =
        device::MediaAt(device_, options_, wavelength, options_.fabrication);
    solvers::fdfd::Simulation simulation(comm_, *device_.lattice, device::SolverOptionsOf(options_),
                                         device_.known_modes);
    Scattering point;
    {
      const auto scope = context.Timers().Measure("solve");
      point = simulation.Solve(wavelength, media, device_.ports, Keep::Fields);
    }
    work += simulation.Statistics();
    Show(context, point, &simulation, static_cast<long>(options_.wavelengths.size()));
    const auto scope = context.Timers().Measure("output");
    WriteFields(context, media, simulation, point);
    return point;
  }

  /// The fields of a point that was solved as number `number`, on the ranks that have them.
  void Show(run::RunContext& context, const Scattering& point,
            const solvers::fdfd::Simulation* simulation, long number) const {
    SolvedWavelength solved{point.wavelength, {}, nullptr, nullptr};
    solved.field = [simulation](int input) { return ColumnsOf(simulation, input); };
    for (const auto& port : point.ports) solved.inputs.push_back(port.name);
    solved.media = [&] {
      return device::MediaAt(device_, options_, point.wavelength, options_.fabrication);
    };
    ShowWavelength(context, device_, solved, number,
                   number == static_cast<long>(options_.wavelengths.size()));
  }

  /// Of the point that was solved last.
  void WriteFields(run::RunContext& context, const domain::PermittivityMap& media,
                   const solvers::fdfd::Simulation& simulation, const Scattering& point) const {
    const int inputs = static_cast<int>(point.ports.size());
    context.Write("the pictures of the fields",
                  [&](io::Hdf5File& file) { WriteView(file, "", media, simulation, inputs); });
    if (!options_.output.fields) return;
    std::vector<std::string> names;
    for (const auto& port : point.ports) names.push_back(port.name);
    context.Try("the field files",
                [&] { WriteFieldFiles(comm_, context.Directory(), media, simulation, names); });
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
