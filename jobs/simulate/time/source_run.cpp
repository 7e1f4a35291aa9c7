#include "jobs/simulate/time/source_run.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <optional>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/checks/decay_error.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/device/beam_sources.hpp"
#include "jobs/device/incidence.hpp"
#include "jobs/device/places.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/simulate/time/monitors.hpp"
#include "jobs/simulate/time/results.hpp"
#include "jobs/simulate/time/run_end.hpp"
#include "jobs/simulate/time/source_steps.hpp"
#include "jobs/simulate/time/time_frames.hpp"
#include "jobs/simulate/time/work.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::jobs::simulate::time {

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

/// Makes the current of one source on the points of a box.
struct CurrentOf {
  const deck::SimulateOptions& options;
  const device::TimeDomainProblem& problem;
  double dt;
  domain::IndexBox held;
  const deck::SourceOptions& source;

  Current operator()(const deck::DipoleOptions& given) const {
    device::RequireInside(problem.lattice, given.at, "the dipole");
    solvers::fdtd::Dipole dipole;
    dipole.component = given.component;
    dipole.position = Place(given.at);
    dipole.moment = source.amplitude;
    dipole.waveform = device::WaveformOf(source.waveform, problem);
    return DipoleCurrent(problem.lattice, dt, held, dipole);
  }

  Current operator()(const deck::PlaneWaveOptions& given) const {
    const solvers::fdtd::PlaneWave wave = device::PlaneWaveOf(options, problem, source, given);
    return PlaneWaveCurrent(problem.lattice, dt, held, wave);
  }

  Current operator()(const deck::BeamOptions& given) const {
    const solvers::fdtd::GaussianBeam beam = device::BeamOf(options, problem, source, given);
    return GaussianBeamCurrent(problem.lattice, dt, held, beam);
  }
};

nlohmann::ordered_json Summarize(const device::TimeDomainProblem& problem, const RunResult& run,
                                 const WorkTotals& totals) {
  return {{"job", "simulate"},
          {"method", "time_domain"},
          {"media", device::MediaFitSummary(problem.fits)},
          {"converged", run.converged},
          {"energy_decay_db", run.last.decibel},
          {"cells", problem.lattice.CellCount()},
          {"runs", 1},
          {"steps", run.last.step},
          {"time_step_um", problem.time_step},
          {"mcells_per_second", totals.McellsPerSecond()},
          {"bytes_per_cell", totals.bytes_per_cell},
          {"halo_share", totals.halo_share}};
}

/// Whether a monitor measures what light still inside falsifies. The fields of a search of
/// resonances are those of modes that ring.
bool HasSpectra(const deck::SimulateOptions& options) {
  bool measures = false, fields = false, rings = false;
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const auto* probe = std::get_if<deck::ProbeOptions>(&monitor.what);
    const bool is_field = std::holds_alternative<deck::DftMonitorOptions>(monitor.what);
    rings = rings || (probe && probe->resonances);
    fields = fields || is_field;
    measures = measures || (!probe && !is_field);
  }
  return measures || (fields && !rings);
}

void JudgeDecay(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
                const RunResult& run, double asked, nlohmann::ordered_json& summary) {
  const Waveform waveform = device::WaveformOf(options.sources.front().waveform, problem);
  const checks::DecayError error =
      checks::DecayErrorOf(run.last.decibel, waveform, options.wavelengths, problem.time_step);
  summary["decay_error"] = checks::ToJson(error);
  if (!run.converged || waveform.IsContinuous() || !HasSpectra(options)) return;
  checks::GiveWarnings({checks::DecayWarning(error, asked, "what the monitors measure")});
}

using Spectrum = std::function<Complex(double omega)>;

/// Of the first source's waveform at amplitude 1; of a continuous wave over the steps of the window
/// before `end`.
Spectrum SpectrumOf(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
                    double dt, const device::SampleWindow& window, long end) {
  const Waveform waveform = device::WaveformOf(options.sources.front().waveform, problem);
  return [waveform, dt, window, end](double omega) -> Complex {
    if (!waveform.IsContinuous()) return waveform.Spectrum(omega, dt);
    if (!device::IsCarrier(waveform, omega)) return std::numeric_limits<double>::quiet_NaN();
    return waveform.SampledSpectrum(omega, dt, window.first, end, window.every);
  };
}

MonitoredRun SourceOf(const deck::SimulateOptions& options,
                      const device::TimeDomainProblem& problem, const Spectrum& source_spectrum,
                      long source_end) {
  MonitoredRun run;
  run.spectrum = source_spectrum;
  run.unit =
      "|waveform of the first source|^2, for the amplitudes of the deck; per um of depth in 2D";
  run.source_end = source_end;
  if (const std::optional<device::Incidence> incidence = device::IncidenceOf(options, problem)) {
    run.incidence = *incidence;
  }
  return run;
}

}  // namespace

void WriteSource(io::Hdf5File& file, const deck::SimulateOptions& options,
                 const device::TimeDomainProblem& problem, const MonitoredRun& run) {
  file.Write("/wavelength", options.wavelengths, {}, {"um", "vacuum wavelength"});
  std::vector<Complex> spectrum;
  for (const double wavelength : options.wavelengths) {
    spectrum.push_back(run.spectrum(2 * M_PI / wavelength));
  }
  file.Write("/source/spectrum", spectrum, {},
             {"um", "transform of the first source's waveform at amplitude 1"});
  const device::Incidence& incidence = run.incidence;
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

void PlaceSources(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem) {
  for (const deck::SourceOptions& source : options.sources) {
    const auto* dipole = std::get_if<deck::DipoleOptions>(&source.what);
    if (!dipole) continue;
    const CurrentOf make{options, problem, problem.time_step, {}, source};
    deck::AtPlace(source.where, [&] { make(*dipole); });
  }
}

std::vector<Current> SourceCurrents(const deck::SimulateOptions& options,
                                    const device::TimeDomainProblem& problem, double dt,
                                    const domain::IndexBox& held) {
  std::vector<Current> currents;
  for (const deck::SourceOptions& source : options.sources) {
    deck::AtPlace(source.where, [&] {
      currents.push_back(std::visit(CurrentOf{options, problem, dt, held, source}, source.what));
    });
  }
  return currents;
}

long AddSources(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
                Engine& engine) {
  base::FaultPoint("sources/add");
  long end = 0;
  for (const Current& current :
       SourceCurrents(options, problem, engine.TimeStep(), engine.Held())) {
    engine.AddCurrent(current);
    end = std::max(end, current.signals->EndStep());
  }
  return end;
}

void RunSources(run::RunContext& context, const deck::SimulateOptions& options,
                const device::TimeDomainProblem& problem, const checks::MeshError& mesh_error) {
  const MPI_Comm comm = context.Comm();
  if (!problem.fits.empty()) {
    context.Write("writing the media",
                  [&](io::Hdf5File& file) { device::RecordMediaFits(file, problem.fits); });
  }
  const std::unique_ptr<Engine> engine =
      solvers::fdtd::MakeEngine(comm, problem.lattice, problem.media, problem.engine);
  RunControl control = device::RunControlOf(options, problem);
  control.source_end = AddSources(options, problem, *engine);
  control.expected_steps = EstimateSteps(comm, options, problem).steps;
  Monitors monitors(*engine, options, problem);
  const auto spectrum_until = [&](long end) {
    return SpectrumOf(options, problem, engine->TimeStep(), monitors.Window(), end);
  };
  TimeFrames frames(context, options, problem);
  const auto middle_until = [&](long step) {
    return spectrum_until(step)(2 * M_PI / options.MiddleWavelength());
  };
  frames.Join(control);
  SourceSteps steps(context, *engine, monitors, frames, control);
  RunResult run;
  {
    const auto scope = context.Timers().Measure("solve");
    run = steps.Run(spectrum_until, middle_until);
  }
  frames.End(middle_until(engine->Step()));
  ReportEnd(run);
  const WorkTotals totals = TotalWork(comm, {engine->Statistics()}, problem.lattice.CellCount());
  const MonitoredRun monitored =
      SourceOf(options, problem, spectrum_until(engine->Step()), control.source_end);
  context.Write("writing the sources",
                [&](io::Hdf5File& file) { WriteSource(file, options, problem, monitored); });
  const double change = monitors.ChangeBetweenHalves(monitored);
  run.converged = run.converged && change <= kStationary;
  nlohmann::ordered_json& summary = context.Summary();
  summary = Summarize(problem, run, totals);
  JudgeDecay(options, problem, run, control.decay, summary);
  summary["mesh_error_estimate"] = mesh_error.Json();
  context.Write("writing the results", [&](io::Hdf5File& file) {
    monitors.WriteSpectra(file, monitored, summary, context.Parts());
    WriteConverged(file, run.converged);
    checks::WriteMeshError(file, mesh_error);
  });
  context.SaveSummary();
  base::Info("{:.0f} Mcells/s, {:.0f} bytes per cell", totals.McellsPerSecond(),
             totals.bytes_per_cell);
  const auto scope = context.Timers().Measure("output");
  context.Write("writing the fields", [&](io::Hdf5File& file) {
    monitors.WriteFields(file, context.Directory(), monitored, context.Parts());
  });
}

}  // namespace symwave::jobs::simulate::time
