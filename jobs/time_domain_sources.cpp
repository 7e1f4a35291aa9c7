// A run of a deck's sources with its monitors.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "domain/base/timer.hpp"
#include "io/summary.hpp"
#include "jobs/simulate_time_domain.hpp"
#include "jobs/time_domain_incidence.hpp"
#include "jobs/time_domain_memory.hpp"
#include "jobs/time_domain_monitors.hpp"
#include "jobs/time_domain_places.hpp"
#include "jobs/time_domain_results.hpp"
#include "jobs/time_domain_setup.hpp"
#include "jobs/time_domain_waveforms.hpp"
#include "solvers/fdtd/dipole.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::jobs {

namespace {

using domain::Complex;
using solvers::fdtd::Current;
using solvers::fdtd::Engine;
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
    solvers::fdtd::GaussianBeam beam;
    const auto flat = std::find(given.size.begin(), given.size.end(), 0.0);
    const auto axis = static_cast<size_t>(flat - given.size.begin());
    beam.axis = static_cast<domain::AxisName>(axis);
    beam.position = given.centre[axis];
    beam.towards = Place(given.direction);
    beam.focus = Place(given.focus.empty() ? given.centre : given.focus);
    beam.waist = given.waist;
    beam.electric = UnitField(given.polarization, beam.towards, problem.lattice, source.amplitude);
    beam.eps = BackgroundEps(options, problem);
    beam.waveform = WaveformOf(source.waveform, problem);
    return GaussianBeamCurrent(problem.lattice, engine.TimeStep(), engine.Held(), beam);
  }
};

nlohmann::ordered_json Summarize(const TimeDomainProblem& problem,
                                 const solvers::fdtd::RunResult& run, const WorkTotals& totals,
                                 double seconds) {
  return {{"job", "simulate"},
          {"method", "time_domain"},
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

/// The spectrum of the first source and, of a plane wave, angle and power.
MonitoredRun WriteSource(io::Hdf5File& file, const DeckOptions& options,
                         const TimeDomainProblem& problem, const Engine& engine, long source_end) {
  const Waveform waveform = WaveformOf(options.sources.front().waveform, problem);
  const long steps = waveform.IsContinuous() ? engine.Step() : -1;
  MonitoredRun run;
  run.spectrum = [waveform, steps, dt = engine.TimeStep()](double omega) {
    return waveform.Spectrum(omega, dt, solvers::fdtd::Drive::Electric, steps);
  };
  run.unit =
      "|waveform of the first source|^2, for the amplitudes of the deck; per um of depth in 2D";
  run.source_end = source_end;
  file.Write("/wavelength", options.wavelengths, {}, {"um", "vacuum wavelength"});
  std::vector<Complex> spectrum;
  for (const double wavelength : options.wavelengths) {
    spectrum.push_back(run.spectrum(2 * M_PI / wavelength));
  }
  file.Write("/source/spectrum", spectrum, {},
             {"um", "transform of the first source's waveform at amplitude 1"});
  const std::optional<Incidence> incidence = IncidenceOf(options, problem);
  if (!incidence) return run;
  file.Write("/source/angle", incidence->angle, {},
             {"deg", "of the plane wave to its axis, in the background, per wavelength"});
  run.incidence = *incidence;
  if (incidence->power.empty()) return run;
  file.Write("/source/power", incidence->power, {},
             {"1", "of the plane wave through one period of the grid, over " + run.unit});
  return run;
}

}  // namespace

long AddSources(const DeckOptions& options, const TimeDomainProblem& problem, Engine& engine) {
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

void RunSources(MPI_Comm comm, const Deck& deck, const std::string& directory) {
  const double start = MPI_Wtime();
  base::Timers timers;
  const DeckOptions& options = deck.options;
  RequireMemory(comm, options);
  const TimeDomainProblem problem = BuildTimeDomain(options);
  WarnOfPml(comm, problem);
  for (const std::string& warning : PlaneWaveWarnings(comm, options, problem)) {
    base::Warn("{}", warning);
  }
  CheckSpectra(options, problem);
  io::Hdf5File file = io::Hdf5File::Create(comm, directory + "/results.h5");
  const std::unique_ptr<Engine> engine =
      solvers::fdtd::MakeEngine(comm, problem.lattice, problem.media, problem.engine);
  solvers::fdtd::RunControl control = RunControlOf(options, problem);
  control.source_end = AddSources(options, problem, *engine);
  Monitors monitors(*engine, options, problem);
  solvers::fdtd::RunResult run;
  {
    const auto scope = timers.Measure("solve");
    io::Progress bar(comm, "run", std::max(1L, control.source_end));
    // A continuous wave ends with the run.
    const long end = std::min<long>(control.source_end, std::lround(1e9));
    control.progress = [&bar, end](const solvers::fdtd::RunProgress& progress) {
      ShowProgress(bar, progress, end);
      return true;
    };
    run = RunUntilDecayed(*engine, control);
    bar.EndHere();
  }
  ReportEnd(run);
  const WorkTotals totals = TotalWork(comm, {engine->Statistics()}, problem.lattice.CellCount());
  auto summary = Summarize(problem, run, totals, 0);
  {
    const auto scope = timers.Measure("output");
    const MonitoredRun monitored = WriteSource(file, options, problem, *engine, control.source_end);
    monitors.Write(file, directory, monitored, summary);
  }
  base::Info("{:.0f} Mcells/s, {:.0f} bytes per cell", totals.McellsPerSecond(),
             totals.bytes_per_cell);
  WriteMeta(file, deck, base::Communicator::SizeOf(comm), timers.MaxOverRanks(comm));
  file.Close();
  summary["seconds"] = MPI_Wtime() - start;
  io::WriteSummary(comm, directory + "/summary.json", summary);
}

}  // namespace symwave::jobs
