#include "jobs/simulate_time_domain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "domain/base/timer.hpp"
#include "jobs/decay_error.hpp"
#include "jobs/deck_warnings.hpp"
#include "jobs/mesh_error.hpp"
#include "jobs/node_fields.hpp"
#include "jobs/place_log.hpp"
#include "jobs/port_judgement.hpp"
#include "jobs/time_domain_memory.hpp"
#include "jobs/time_domain_port_monitors.hpp"
#include "jobs/time_domain_results.hpp"
#include "jobs/time_domain_setup.hpp"
#include "jobs/time_domain_views.hpp"
#include "jobs/time_domain_waveforms.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs {

namespace {

using solvers::fdtd::RunProgress;
using solvers::fdtd::ScatteringOptions;
using solvers::fdtd::ScatteringSpectrum;

double Decibel(double power) {
  return 10 * std::log10(std::max(power, 1e-30));
}

/// One bar per run.
class RunBars {
 public:
  explicit RunBars(MPI_Comm comm) : comm_(comm) {}
  ~RunBars() {
    if (bar_) bar_->EndHere();
  }
  RunBars(const RunBars&) = delete;
  RunBars& operator=(const RunBars&) = delete;

  void Show(int run, int runs, const RunProgress& progress) {
    if (run != run_) {
      if (bar_) bar_->EndHere();
      bar_ = std::make_unique<io::Progress>(comm_, fmt::format("run {}/{}", run + 1, runs), 1);
      run_ = run;
    }
    ShowProgress(*bar_, progress);
  }

 private:
  MPI_Comm comm_;
  int run_ = -1;
  std::unique_ptr<io::Progress> bar_;
};

std::vector<domain::Component> ShownComponents(const domain::Lattice& lattice) {
  using domain::Component;
  switch (lattice.Fields()) {
    case domain::FieldSet::Ez:
      return {Component::Ez};
    case domain::FieldSet::Hz:
      return {Component::Hz};
    case domain::FieldSet::All:
      break;
  }
  return {Component::Ex, Component::Ey, Component::Ez};
}

/// Inputs whose fields are kept: in 3D that of one is large enough.
int FieldInputs(const domain::Lattice& lattice) {
  return lattice.TwoDimensional() ? std::numeric_limits<int>::max() : 1;
}

/// Where the planes of the report cross: in the guide of the first port, across the device's
/// middle.
std::array<double, 3> ViewPoint(const TimeDomainProblem& problem) {
  std::array<double, 3> point = problem.ports.front().at;
  point[domain::AxisOf(problem.ports.front().faces)] = 0;
  return point;
}

ScatteringOptions OptionsOf(const DeckOptions& options, const TimeDomainProblem& problem,
                            const solvers::fdtd::Waveform& pulse, RunBars& bars) {
  ScatteringOptions scattering;
  scattering.waveform = pulse;
  scattering.engine = problem.engine;
  scattering.run = RunControlOf(options, problem);
  solvers::fdtd::FieldRequest request;
  request.wavelength = options.MiddleWavelength();
  request.components = ShownComponents(problem.lattice);
  request.boxes = {RecordedFor(problem.lattice, problem.lattice.InsidePml(), request.components)};
  if (!options.output.fields) {
    request.boxes = ViewBoxes(problem.lattice, problem.lattice.InsidePml(), ViewPoint(problem));
  }
  request.inputs = FieldInputs(problem.lattice);
  scattering.field = request;
  scattering.progress = [&bars](int run, int runs, const RunProgress& progress, const auto&) {
    bars.Show(run, runs, progress);
    return true;
  };
  return scattering;
}

void PrintSpectrum(const ScatteringSpectrum& spectrum, bool flat) {
  const size_t middle = spectrum.wavelengths.size() / 2;
  base::Info("wavelength {:.4f} um", spectrum.wavelengths[middle]);
  base::Info("  {:<12} {:>9} {:>8} {}{:>11} {:>9} {:>9} {:>9}", "input", "n_eff", "n_g",
             flat ? "" : "    TE ", "transmitted", "reflected", "radiated", "absorbed");
  for (size_t a = 0; a < spectrum.modes.size(); ++a) {
    const auto& mode = spectrum.modes[a];
    const auto& power = spectrum.power[middle][a];
    base::Info("  {:<12} {:>9.5f} {:>8.4f} {}{:>11.5f} {:>9.5f} {:>9.5f} {:>9.1e}", mode.name,
               mode.n_eff[middle].real(), mode.group_index[middle],
               flat ? "" : fmt::format("{:>6.3f} ", mode.te_fraction), power.transmitted,
               power.reflected, power.radiated, power.absorbed);
  }
  const Eigen::MatrixXcd& s = spectrum.s[middle];
  for (Eigen::Index out = 0; out < s.rows(); ++out) {
    std::string row = fmt::format("  |S|^2 to {:<10}", spectrum.modes[out].name);
    for (Eigen::Index in = 0; in < s.cols(); ++in) {
      row += fmt::format(" {:>8.2f}", Decibel(std::norm(s(out, in))));
    }
    base::Info("{} dB", row);
  }
}

/// The decay of the run that decayed least.
double EnergyDecay(const ScatteringSpectrum& spectrum) {
  double decibel = -1e30;
  for (const auto& run : spectrum.runs) decibel = std::max(decibel, run.end.last.decibel);
  return decibel;
}

bool Converged(const ScatteringSpectrum& spectrum) {
  return std::all_of(spectrum.runs.begin(), spectrum.runs.end(),
                     [](const auto& run) { return run.end.converged; });
}

nlohmann::ordered_json Summarize(const TimeDomainProblem& problem,
                                 const ScatteringSpectrum& spectrum, const WorkTotals& totals,
                                 double seconds) {
  const auto& defects = spectrum.reciprocity_defect;
  long steps = 0;
  for (const auto& run : spectrum.runs) steps += run.end.last.step;
  nlohmann::ordered_json summary{
      {"job", "simulate"},
      {"method", "time_domain"},
      {"reciprocity_defect", *std::max_element(defects.begin(), defects.end())},
      {"energy_balance_error", BalanceError(spectrum, problem.lossless)},
      {"converged", Converged(spectrum)},
      {"energy_decay_db", EnergyDecay(spectrum)},
      {"cells", problem.lattice.CellCount()},
      {"runs", spectrum.runs.size()},
      {"steps", steps},
      {"time_step_um", problem.time_step},
      {"mcells_per_second", totals.McellsPerSecond()},
      {"bytes_per_cell", totals.bytes_per_cell},
      {"halo_share", totals.halo_share},
      {"seconds", seconds}};
  const size_t middle = spectrum.wavelengths.size() / 2;
  if (!problem.fits.empty()) summary["media"] = MediaFitSummary(problem.fits);
  summary["wavelength_um"] = spectrum.wavelengths[middle];
  for (size_t in = 0; in < spectrum.modes.size(); ++in) {
    for (size_t out = 0; out < spectrum.modes.size(); ++out) {
      summary["power"][spectrum.modes[in].name][spectrum.modes[out].name] =
          std::norm(spectrum.s[middle](out, in));
    }
  }
  return summary;
}

void WriteFields(MPI_Comm comm, const std::string& directory, const TimeDomainProblem& problem,
                 const ScatteringSpectrum& spectrum, Evaluation& evaluation) {
  for (size_t in = 0; in < spectrum.fields.size(); ++in) {
    std::string name = spectrum.modes[in].name;
    std::replace(name.begin(), name.end(), '#', '_');
    evaluation.Try("the field file of input " + spectrum.modes[in].name, [&] {
      WriteFieldBlock(comm, directory + "/field_" + name, problem, problem.lattice.InsidePml(),
                      spectrum.fields[in].front(), 0);
    });
  }
}

/// One line on what the run is worth, and warnings where it is not.
void PrintTrust(const DeckOptions& options, const TimeDomainProblem& problem,
                const ScatteringSpectrum& spectrum, const WorkTotals& totals,
                nlohmann::ordered_json& summary) {
  const double defect = summary["reciprocity_defect"];
  const double balance_error = summary["energy_balance_error"];
  const double decay = EnergyDecay(spectrum);
  base::Info(
      "over {} wavelength{}: reciprocity defect {:.1e}, energy balance error {:.1e}, energy down "
      "to {:.0f} dB; {:.0f} Mcells/s, {:.0f} bytes per cell",
      spectrum.wavelengths.size(), spectrum.wavelengths.size() == 1 ? "" : "s", defect,
      balance_error, decay, totals.McellsPerSecond(), totals.bytes_per_cell);
  const DecayError left =
      DecayErrorOf(decay, PulseOf(options, problem), spectrum.wavelengths, problem.time_step);
  summary["decay_error"] = ToJson(left);
  if (Converged(spectrum)) {
    GiveWarnings({DecayWarning(left, RunControlOf(options, problem).decay, "S")});
  }
  WarnOfScattering(EvidenceOf(problem, spectrum, left.weakest), summary);
}

void RunPorts(MPI_Comm comm, const Deck& deck, const std::string& directory,
              Evaluation& evaluation) {
  const double start = MPI_Wtime();
  base::Timers timers;
  const DeckOptions& options = deck.options;
  const TimeDomainProblem problem = BuildTimeDomain(options);
  RequireMemory(comm, options, problem);
  GiveWarnings(TimeDomainWarnings(comm, options, problem));
  LogPlaces(options, problem);
  CheckDuration(options, problem);
  CheckSpectra(options, problem);
  const MeshError mesh_error = EstimateMeshError(comm, options, problem);
  LogLattice(options, mesh_error);
  io::Hdf5File file = StartResults(comm, directory);
  RecordMediaFits(file, problem.fits);
  PortMonitors monitors(file, directory, options, problem, evaluation);
  ScatteringSpectrum spectrum;
  {
    const auto scope = timers.Measure("solve");
    const solvers::fdtd::Waveform pulse = PulseOf(options, problem);
    RunBars bars(comm);
    ScatteringOptions scattering = OptionsOf(options, problem, pulse, bars);
    monitors.Join(scattering);
    spectrum = solvers::fdtd::SolveScattering(comm, problem.lattice, problem.media, problem.ports,
                                              options.wavelengths, scattering);
  }
  PrintSpectrum(spectrum, problem.lattice.TwoDimensional());
  for (const auto& run : spectrum.runs) {
    if (!run.end.converged) ReportEnd(run.end);
  }
  std::vector<solvers::fdtd::EngineStatistics> work;
  for (const auto& run : spectrum.runs) work.push_back(run.work);
  const WorkTotals totals = TotalWork(comm, work, problem.lattice.CellCount());
  auto summary = Summarize(problem, spectrum, totals, MPI_Wtime() - start);
  summary["mesh_error_estimate"] = mesh_error.Json();
  if (!monitors.Summary().is_null()) summary["input"] = monitors.Summary();
  PrintTrust(options, problem, spectrum, totals, summary);
  evaluation.Try("writing the S-matrix", [&] {
    WriteSpectrum(file, problem, spectrum);
    WriteConverged(file, Converged(spectrum));
    file.Flush();
  });
  WriteSummaryFile(comm, directory, summary, evaluation);
  {
    const auto scope = timers.Measure("output");
    evaluation.Try("the pictures of the fields",
                   [&] { WriteViews(file, problem, spectrum.fields, 0, ViewPoint(problem)); });
    if (options.output.fields) WriteFields(comm, directory, problem, spectrum, evaluation);
  }
  evaluation.Try("writing the error of the mesh", [&] { WriteMeshError(file, mesh_error); });
  FinishResults(file, deck, timers.MaxOverRanks(comm), evaluation);
  WriteSummaryFile(comm, directory, summary, evaluation);
}

}  // namespace

void ShowProgress(io::Progress& bar, const RunProgress& progress) {
  bar.Expect(progress.steps_left >= 0 ? progress.step + progress.steps_left : 0);
  bar.Set(progress.step,
          fmt::format("{:.0f} Mcells/s, {:.0f} dB", progress.mcells_per_second, progress.decibel));
}

void ReportEnd(const solvers::fdtd::RunResult& run) {
  std::string message = run.message;
  const std::string name = "max_steps";
  if (const size_t at = message.find(name); at != std::string::npos) {
    message.replace(at, name.size(), "solver.stop.max_time");
  }
  if (run.end == solvers::fdtd::RunEnd::NoField) {
    base::Fail("{}; check the places, components and amplitudes of the sources", message);
  }
  if (run.converged) {
    base::Info("{}", message);
  } else {
    base::Warn("{}", message);
  }
}

void RunTimeDomain(MPI_Comm comm, const Deck& deck, const std::string& directory,
                   Evaluation& evaluation) {
  if (deck.options.sources.empty()) {
    RunPorts(comm, deck, directory, evaluation);
  } else {
    RunSources(comm, deck, directory, evaluation);
  }
}

}  // namespace symwave::jobs
