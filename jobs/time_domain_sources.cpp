// A run of a deck's sources with its monitors.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <optional>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/timer.hpp"
#include "jobs/beam_sources.hpp"
#include "jobs/decay_error.hpp"
#include "jobs/deck_warnings.hpp"
#include "jobs/mesh_error.hpp"
#include "jobs/results.hpp"
#include "jobs/simulate_time_domain.hpp"
#include "jobs/time_domain_incidence.hpp"
#include "jobs/time_domain_memory.hpp"
#include "jobs/time_domain_monitors.hpp"
#include "jobs/time_domain_places.hpp"
#include "jobs/time_domain_results.hpp"
#include "jobs/time_domain_setup.hpp"
#include "jobs/time_domain_waveforms.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::jobs {

namespace {

using domain::Complex;
using solvers::fdtd::Current;
using solvers::fdtd::Engine;
using solvers::fdtd::RunControl;
using solvers::fdtd::RunProgress;
using solvers::fdtd::RunResult;
using solvers::fdtd::Waveform;

std::array<double, 3> Place(const std::vector<double>& position) {
  std::array<double, 3> place{0, 0, 0};
  std::copy(position.begin(), position.end(), place.begin());
  return place;
}

/// Makes the current of one source on the points that this rank holds.
struct CurrentOf {
  const DeckOptions& options;
  const TimeDomainProblem& problem;
  const Engine& engine;
  const SourceOptions& source;

  Current operator()(const DipoleOptions& given) const {
    RequireInside(problem.lattice, given.at, "the dipole");
    solvers::fdtd::Dipole dipole;
    dipole.component = given.component;
    dipole.position = Place(given.at);
    dipole.moment = source.amplitude;
    dipole.waveform = WaveformOf(source.waveform, problem);
    return DipoleCurrent(problem.lattice, engine.TimeStep(), engine.Held(), dipole);
  }

  Current operator()(const PlaneWaveOptions& given) const {
    const solvers::fdtd::PlaneWave wave = PlaneWaveOf(options, problem, source, given);
    return PlaneWaveCurrent(problem.lattice, engine.TimeStep(), engine.Held(), wave);
  }

  Current operator()(const BeamOptions& given) const {
    const solvers::fdtd::GaussianBeam beam = BeamOf(options, problem, source, given);
    return GaussianBeamCurrent(problem.lattice, engine.TimeStep(), engine.Held(), beam);
  }
};

nlohmann::ordered_json Summarize(const TimeDomainProblem& problem, const RunResult& run,
                                 const WorkTotals& totals, double seconds) {
  return {{"job", "simulate"},
          {"method", "time_domain"},
          {"media", MediaFitSummary(problem.fits)},
          {"converged", run.converged},
          {"energy_decay_db", run.last.decibel},
          {"cells", problem.lattice.CellCount()},
          {"runs", 1},
          {"steps", run.last.step},
          {"time_step_um", problem.time_step},
          {"mcells_per_second", totals.McellsPerSecond()},
          {"bytes_per_cell", totals.bytes_per_cell},
          {"halo_share", totals.halo_share},
          {"seconds", seconds}};
}

/// Whether a monitor measures what light still inside falsifies. The fields of a search of
/// resonances are those of modes that ring.
bool HasSpectra(const DeckOptions& options) {
  bool measures = false, fields = false, rings = false;
  for (const MonitorOptions& monitor : options.monitors) {
    const auto* probe = std::get_if<ProbeOptions>(&monitor.what);
    const bool is_field = std::holds_alternative<DftMonitorOptions>(monitor.what);
    rings = rings || (probe && probe->resonances);
    fields = fields || is_field;
    measures = measures || (!probe && !is_field);
  }
  return measures || (fields && !rings);
}

void JudgeDecay(const DeckOptions& options, const TimeDomainProblem& problem, const RunResult& run,
                double asked, nlohmann::ordered_json& summary) {
  const Waveform waveform = WaveformOf(options.sources.front().waveform, problem);
  const DecayError error =
      DecayErrorOf(run.last.decibel, waveform, options.wavelengths, problem.time_step);
  summary["decay_error"] = ToJson(error);
  if (!run.converged || waveform.IsContinuous() || !HasSpectra(options)) return;
  GiveWarnings({DecayWarning(error, asked, "what the monitors measure")});
}

using Spectrum = std::function<Complex(double omega)>;

/// Of the first source's waveform at amplitude 1; of a continuous wave over the steps of the window
/// before `end`.
Spectrum SpectrumOf(const DeckOptions& options, const TimeDomainProblem& problem, double dt,
                    const SampleWindow& window, long end) {
  const Waveform waveform = WaveformOf(options.sources.front().waveform, problem);
  return [waveform, dt, window, end](double omega) -> Complex {
    if (!waveform.IsContinuous()) return waveform.Spectrum(omega, dt);
    if (!IsCarrier(waveform, omega)) return std::numeric_limits<double>::quiet_NaN();
    return waveform.SampledSpectrum(omega, dt, window.first, end, window.every);
  };
}

MonitoredRun SourceOf(const DeckOptions& options, const TimeDomainProblem& problem,
                      const Spectrum& source_spectrum, long source_end) {
  MonitoredRun run;
  run.spectrum = source_spectrum;
  run.unit =
      "|waveform of the first source|^2, for the amplitudes of the deck; per um of depth in 2D";
  run.source_end = source_end;
  if (const std::optional<Incidence> incidence = IncidenceOf(options, problem)) {
    run.incidence = *incidence;
  }
  return run;
}

/// The spectrum of the first source and, of a plane wave or a beam, what it carries.
void WriteSource(io::Hdf5File& file, const DeckOptions& options, const TimeDomainProblem& problem,
                 const MonitoredRun& run) {
  file.Write("/wavelength", options.wavelengths, {}, {"um", "vacuum wavelength"});
  std::vector<Complex> spectrum;
  for (const double wavelength : options.wavelengths) {
    spectrum.push_back(run.spectrum(2 * M_PI / wavelength));
  }
  file.Write("/source/spectrum", spectrum, {},
             {"um", "transform of the first source's waveform at amplitude 1"});
  const Incidence& incidence = run.incidence;
  if (!incidence.angle.empty()) {
    file.Write(
        "/source/angle", incidence.angle, {},
        {"deg", "of the plane wave to its axis, in the medium at its plane, per wavelength"});
  }
  if (!incidence.power.empty()) {
    const std::string through = incidence.angle.empty()
                                    ? "of the beam through its plane, over "
                                    : "of the plane wave through one period of the grid, over ";
    file.Write("/source/power", incidence.power, {}, {"1", through + run.unit});
  } else if (!incidence.intensity.empty()) {
    file.Write("/source/intensity", incidence.intensity, {},
               {problem.lattice.TwoDimensional() ? "1/um" : "1/um^2",
                "power of the plane wave per area across it as a flux monitor measures it, over " +
                    run.unit});
  }
}

/// Runs to the end and calls `halfway` after `middle` steps, where there is such a step.
template <class Halfway>
RunResult RunWithHalves(Engine& engine, const RunControl& control, long middle, Halfway&& halfway) {
  if (middle > 0) {
    RunControl half = control;
    half.time = static_cast<double>(middle) * engine.TimeStep();
    const long rest = std::lround(control.time / engine.TimeStep()) - middle;
    half.progress = [&control, rest](RunProgress progress) {
      progress.steps_left += rest;
      return control.progress(progress);
    };
    const RunResult first = RunUntilDecayed(engine, half);
    if (first.end != solvers::fdtd::RunEnd::TimeReached) return first;
    halfway();
  }
  return RunUntilDecayed(engine, control);
}

}  // namespace

long AddSources(const DeckOptions& options, const TimeDomainProblem& problem, Engine& engine) {
  base::FaultPoint("sources/add");
  long end = 0;
  for (const SourceOptions& source : options.sources) {
    AtPlace(source.where, [&] {
      const Current current = std::visit(CurrentOf{options, problem, engine, source}, source.what);
      engine.AddCurrent(current);
      end = std::max(end, current.signals->EndStep());
    });
  }
  return end;
}

void RunSources(MPI_Comm comm, const Deck& deck, const std::string& directory,
                Evaluation& evaluation) {
  const double start = MPI_Wtime();
  base::Timers timers;
  const DeckOptions& options = deck.options;
  const TimeDomainProblem problem = BuildTimeDomain(options);
  RequireMemory(comm, options, problem);
  GiveWarnings(TimeDomainWarnings(comm, options, problem));
  CheckDuration(options, problem);
  CheckSpectra(options, problem);
  const MeshError mesh_error = EstimateMeshError(comm, options, problem);
  LogLattice(options, mesh_error);
  io::Hdf5File file = StartResults(comm, directory);
  RecordMediaFits(file, problem.fits);
  const std::unique_ptr<Engine> engine =
      solvers::fdtd::MakeEngine(comm, problem.lattice, problem.media, problem.engine);
  RunControl control = RunControlOf(options, problem);
  control.source_end = AddSources(options, problem, *engine);
  Monitors monitors(*engine, options, problem);
  const auto spectrum_until = [&](long end) {
    return SpectrumOf(options, problem, engine->TimeStep(), monitors.Window(), end);
  };
  RunResult run;
  {
    const auto scope = timers.Measure("solve");
    io::Progress bar(comm, "run", std::max(1L, control.source_end));
    control.progress = [&bar](const RunProgress& progress) {
      ShowProgress(bar, progress);
      return true;
    };
    run = RunWithHalves(*engine, control, monitors.Window().middle,
                        [&] { monitors.KeepHalf(spectrum_until(engine->Step())); });
    bar.EndHere();
  }
  ReportEnd(run);
  const WorkTotals totals = TotalWork(comm, {engine->Statistics()}, problem.lattice.CellCount());
  const MonitoredRun monitored =
      SourceOf(options, problem, spectrum_until(engine->Step()), control.source_end);
  evaluation.Try("writing the sources", [&] { WriteSource(file, options, problem, monitored); });
  const double change = monitors.ChangeBetweenHalves(monitored);
  run.converged = run.converged && change <= kStationary;
  auto summary = Summarize(problem, run, totals, 0);
  JudgeDecay(options, problem, run, control.decay, summary);
  summary["mesh_error_estimate"] = mesh_error.Json();
  monitors.WriteSpectra(file, monitored, summary, evaluation);
  evaluation.Try("writing the results", [&] {
    WriteConverged(file, run.converged);
    file.Flush();
  });
  summary["seconds"] = MPI_Wtime() - start;
  WriteSummaryFile(comm, directory, summary, evaluation);
  {
    const auto scope = timers.Measure("output");
    monitors.WriteFields(file, directory, monitored, evaluation);
  }
  base::Info("{:.0f} Mcells/s, {:.0f} bytes per cell", totals.McellsPerSecond(),
             totals.bytes_per_cell);
  evaluation.Try("writing the error of the mesh", [&] { WriteMeshError(file, mesh_error); });
  FinishResults(file, deck, timers.MaxOverRanks(comm), evaluation);
  WriteSummaryFile(comm, directory, summary, evaluation);
}

}  // namespace symwave::jobs
