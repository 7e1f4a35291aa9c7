#include "jobs/simulate/sources/frequency_sources.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "domain/base/rank_groups.hpp"
#include "io/progress.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/device/beam_sources.hpp"
#include "jobs/device/device.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/frequency/wavelength_frames.hpp"
#include "jobs/simulate/frequency/work.hpp"
#include "jobs/simulate/time/monitors.hpp"
#include "jobs/simulate/time/placed_monitors.hpp"
#include "jobs/simulate/time/results.hpp"
#include "jobs/simulate/time/source_run.hpp"
#include "solvers/fdfd/current_spectrum.hpp"
#include "solvers/fdfd/driven_sweep.hpp"

namespace symwave::jobs::simulate::sources {

namespace {

using domain::Complex;
using solvers::fdfd::DrivenSweep;
using solvers::fdfd::PointCurrent;

/// Width of the pulse, over its carrier, that stands for a source at one wavelength.
constexpr double kPulseWidth = 0.2;

/// All wavelengths of the deck and of its field monitors, each once, the longest first.
std::vector<double> WavelengthsOf(const deck::SimulateOptions& options) {
  std::vector<double> wavelengths = options.wavelengths;
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const auto* dft = std::get_if<deck::DftMonitorOptions>(&monitor.what);
    if (!dft) continue;
    wavelengths.insert(wavelengths.end(), dft->wavelengths.begin(), dft->wavelengths.end());
  }
  std::sort(wavelengths.rbegin(), wavelengths.rend());
  const auto same = [](double a, double b) { return std::abs(a - b) <= 1e-12 * a; };
  wavelengths.erase(std::unique(wavelengths.begin(), wavelengths.end(), same), wavelengths.end());
  return wavelengths;
}

/// The deck with pulses of a carrier, whatever its sources do over time.
deck::SimulateOptions WithPulses(deck::SimulateOptions options, double wavelength) {
  for (deck::SourceOptions& source : options.sources) {
    source.waveform = {deck::WaveformKind::Pulse, wavelength, kPulseWidth};
  }
  return options;
}

/// The currents of all sources at a wavelength, each of its amplitude.
std::vector<PointCurrent> CurrentsAt(const deck::SimulateOptions& options,
                                     device::TimeDomainProblem problem, double wavelength) {
  const double omega = 2 * M_PI / wavelength, dt = problem.time_step;
  const deck::SimulateOptions pulsed = WithPulses(options, wavelength);
  problem.launch_delay = 0;
  problem.launch_delay =
      std::max(device::LaunchDelay(pulsed, problem), device::PlaneWaveDelay(pulsed, problem));
  const Complex spectrum = device::WaveformOf(pulsed.sources.front().waveform, problem)
                               .Spectrum(solvers::fdfd::SteppedTwin(omega, dt), dt);
  std::vector<PointCurrent> currents;
  for (const solvers::fdtd::Current& current :
       time::SourceCurrents(pulsed, problem, dt, problem.lattice.AllPoints())) {
    const auto of = solvers::fdfd::CurrentsAt(current, problem.lattice, dt, omega, spectrum);
    currents.insert(currents.end(), of.begin(), of.end());
  }
  return currents;
}

/// What the incident light carries in steps that have the frequency domain's operator.
device::Incidence IncomingLight(const deck::SimulateOptions& options,
                                const device::TimeDomainProblem& problem) {
  device::Incidence incidence;
  deck::SimulateOptions twin = options;
  for (double& wavelength : twin.wavelengths) {
    wavelength = 2 * M_PI / solvers::fdfd::SteppedTwin(2 * M_PI / wavelength, problem.time_step);
  }
  if (const auto stepped = device::IncidenceOf(twin, problem)) incidence = *stepped;
  if (const auto plain = device::IncidenceOf(options, problem)) incidence.angle = plain->angle;
  return incidence;
}

class FrequencySources : public run::Job {
 public:
  FrequencySources(MPI_Comm comm, deck::SimulateOptions options)
      : comm_(comm),
        options_(std::move(options)),
        device_(device::BuildDevice(options_)),
        problem_(device::BuildTimeDomain(options_, device_)),
        wavelengths_(WavelengthsOf(options_)) {
    frequency::RequireColumns(comm_, options_, device_);
  }

  run::MemoryNeed Memory() override {
    return frequency::SolveMemory(options_, device_, RanksOfOne());
  }

  std::vector<std::string> Check() override {
    time::PlaceSources(options_, problem_);
    time::PlaceMonitors(options_, problem_);
    return checks::FrequencySourceWarnings(comm_, options_, problem_);
  }

  std::string Plan(bool /*fits*/) override {
    return frequency::DevicePlan(comm_, options_, device_) +
           fmt::format("  unknowns       {}\n",
                       solvers::fdfd::PlanePoints(*device_.lattice).Unknowns()) +
           frequency::SolveMemoryText(comm_, options_, device_) +
           fmt::format("  factorizations {}\n  solves         {} right-hand sides\n",
                       wavelengths_.size(), wavelengths_.size());
  }

  run::Work CountWork() override {
    frequency::SparseSystem system = frequency::WholeSystem(device_);
    system.right_sides = 1;
    const auto wavelengths = static_cast<double>(wavelengths_.size());
    run::Work work;
    work.Add("assembly", run::Operation::Unknown, system.unknowns, wavelengths);
    frequency::AddAnalysis(work, "analysis", system.unknowns);
    frequency::AddSolutions(work, "solution", system, wavelengths);
    work.tasks = wavelengths;
    work.task_bytes = 1e6 * frequency::SolveMegabytes(options_, device_);
    work.memory = frequency::SolveMemory(options_, device_, 1);
    work.file_bytes = frequency::FieldFileBytes(device_, 0, false);
    work.frames = frequency::FramesOf(device_, 1, wavelengths);
    return work;
  }

  void Run(run::RunContext& context) override {
    const checks::MeshError mesh_error = checks::EstimateMeshError(comm_, options_, device_);
    checks::LogLattice(options_, mesh_error);
    const base::RankGroups groups(comm_, RanksOfOne(), static_cast<int>(wavelengths_.size()));
    DrivenSweep fields(groups, *device_.lattice, device::SolverOptionsOf(options_));
    const time::Monitors monitors(fields, options_, problem_);
    Solve(context, groups, fields);
    time::MonitoredRun run;
    run.spectrum = [](double) { return Complex(1.0); };
    run.unit = "1, for the amplitudes of the deck; per um of depth";
    run.incidence = IncomingLight(options_, problem_);
    context.Write("writing the sources",
                  [&](io::Hdf5File& file) { time::WriteSource(file, options_, problem_, run); });
    const solvers::fdfd::SolverStatistics statistics = fields.Statistics();
    nlohmann::ordered_json& summary = context.Summary();
    summary = {{"job", "simulate"},
               {"method", "frequency_domain"},
               {"max_relative_residual", statistics.max_relative_residual},
               {"unknowns", fields.OfGroup().Points().Unknowns()},
               {"solves", statistics.solves},
               {"factorizations", statistics.factorizations},
               {"memory_mb", statistics.memory_mb},
               {"memory_mb_per_rank", statistics.memory_mb_max},
               {"workspace_retries", statistics.workspace_retries},
               {"mesh_error_estimate", mesh_error.Json()}};
    context.Write("writing the results", [&](io::Hdf5File& file) {
      monitors.WriteSpectra(file, run, summary, context.Parts());
      time::WriteConverged(file, true);
      checks::WriteMeshError(file, mesh_error);
    });
    context.SaveSummary();
    const auto scope = context.Timers().Measure("output");
    context.Write("writing the fields", [&](io::Hdf5File& file) {
      monitors.WriteFields(file, context.Directory(), run, context.Parts());
    });
  }

 private:
  /// Ranks that share a wavelength.
  int RanksOfOne() {
    return wavelengths_.size() > 1 ? frequency::RanksPerWavelength(comm_, options_, device_)
                                   : base::Communicator::SizeOf(comm_);
  }

  domain::PermittivityMap MediaAt(double wavelength) const {
    return device::MediaAt(device_, options_, wavelength, options_.fabrication);
  }

  void Solve(run::RunContext& context, const base::RankGroups& groups, DrivenSweep& fields) const {
    const auto total = static_cast<long>(wavelengths_.size());
    io::Progress progress = context.StartProgress("wavelengths", total, "wavelength");
    std::int64_t done = 0;
    const auto exchange = [&](base::StateArchive& archive) {
      archive.Value("done", done);
      fields.SaveOrRestore(archive);
    };
    context.Restore(exchange);
    progress.Set(static_cast<long>(done));
    const auto scope = context.Timers().Measure("solve");
    const std::vector<double> left(wavelengths_.begin() + done, wavelengths_.end());
    std::vector<double> omegas;
    omegas.reserve(left.size());
    for (const double wavelength : left) omegas.push_back(2 * M_PI / wavelength);
    const auto problem_at = [&](size_t number) -> DrivenSweep::Problem {
      return {MediaAt(left[number]), CurrentsAt(options_, problem_, left[number])};
    };
    bool goes_on = true;
    fields.Solve(omegas, problem_at, [&](size_t first, size_t count) {
      for (size_t k = 0; k < count; ++k) {
        const bool mine = groups.GroupOf(static_cast<long>(k)) == groups.Number();
        Show(context, left[first + k], mine ? &fields.OfGroup() : nullptr, ++done);
      }
      progress.Set(static_cast<long>(done), fmt::format("{:.4f} um", left[first + count - 1]));
      goes_on = context.GoesOn(exchange, static_cast<long>(done), total, "wavelength");
      return goes_on;
    });
    if (!goes_on) context.Stop();
    progress.Finish();
    base::Info("over {} wavelength{}: residual {:.1e}", total, total == 1 ? "" : "s",
               fields.Statistics().max_relative_residual);
  }

  /// The wavelength that was solved as number `number`, on the ranks that have its fields.
  void Show(run::RunContext& context, double wavelength, const solvers::fdfd::DrivenFields* fields,
            long number) const {
    const auto columns = [fields](int) -> frequency::FieldColumns {
      if (fields == nullptr) return {};
      return {fields->Columns(), fields->Field()};
    };
    frequency::ShowWavelength(
        context, device_, {wavelength, {"sources"}, [&] { return MediaAt(wavelength); }, columns},
        number, number == static_cast<long>(wavelengths_.size()));
  }

  MPI_Comm comm_;
  deck::SimulateOptions options_;
  device::Device device_;
  device::TimeDomainProblem problem_;
  std::vector<double> wavelengths_;
};

}  // namespace

std::unique_ptr<run::Job> MakeFrequencySources(MPI_Comm comm,
                                               const deck::SimulateOptions& options) {
  return std::make_unique<FrequencySources>(comm, options);
}

}  // namespace symwave::jobs::simulate::sources
