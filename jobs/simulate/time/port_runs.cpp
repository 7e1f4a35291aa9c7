#include "jobs/simulate/time/port_runs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "domain/base/communicator.hpp"
#include "domain/base/log.hpp"
#include "domain/base/units.hpp"
#include "jobs/checks/decay_error.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/checks/place_log.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/device/time_domain_problem.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/simulate/scattering/scattering_results.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/port_monitors.hpp"
#include "jobs/simulate/time/results.hpp"
#include "jobs/simulate/time/run_end.hpp"
#include "jobs/simulate/time/time_frames.hpp"
#include "jobs/simulate/time/views.hpp"
#include "jobs/simulate/time/work.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using solvers::fdtd::RunProgress;
using solvers::fdtd::ScatteringOptions;
using solvers::fdtd::ScatteringSpectrum;

/// One bar per run, ended where the next one begins or End is called.
class RunBars {
 public:
  explicit RunBars(run::RunContext& context) : context_(context) {}

  void Show(int run, int runs, const RunProgress& progress) {
    if (run != run_) {
      End();
      bar_.reset(new io::Progress(
          context_.StartProgress(fmt::format("run {}/{}", run + 1, runs), 1, "step")));
      run_ = run;
    }
    ShowProgress(*bar_, progress);
  }
  void End() {
    if (bar_) bar_->EndHere();
  }

 private:
  run::RunContext& context_;
  int run_ = -1;
  std::unique_ptr<io::Progress> bar_;
};

/// Saves which points the fields are kept at. UserError on every rank where those of the stopped
/// run are others, which `output.fields` alone can do.
void RequireSameBoxes(base::StateArchive& archive, const std::vector<domain::IndexBox>& boxes,
                      bool whole) {
  std::vector<std::int64_t> kept;
  for (const domain::IndexBox& box : boxes) {
    kept.insert(kept.end(), box.lo.begin(), box.lo.end());
    kept.insert(kept.end(), box.hi.begin(), box.hi.end());
  }
  std::vector<std::int64_t> saved = kept;
  archive.Values("fields/boxes", saved);
  if (saved == kept) return;
  base::Fail(
      "output.fields: the stopped run takes the fields {}, and the deck now asks for those {}: set "
      "it as it was, or begin anew without --resume",
      whole ? "on the planes of the report alone" : "of the whole box (true)",
      whole ? "of the whole box (true)" : "on the planes of the report alone");
}

/// Shows how the runs go on, writes their checkpoints and goes on from the last one.
void MakeResumable(run::RunContext& context, bool whole_fields, PortMonitors& monitors,
                   TimeFrames& frames, RunBars& bars, ScatteringOptions& scattering) {
  using SaveState = ScatteringOptions::SaveState;
  const auto around = [&, whole_fields](base::StateArchive& archive) {
    RequireSameBoxes(archive, scattering.field->boxes, whole_fields);
    frames.SaveOrRestore(archive);
    monitors.SaveOrRestore(archive);
  };
  scattering.progress = [&, around](int run, int runs, const RunProgress& progress,
                                    const SaveState& state) {
    bars.Show(run, runs, progress);
    const auto exchange = [&](base::StateArchive& archive) {
      state(archive);
      around(archive);
    };
    return context.GoesOn(exchange, progress.step, TotalSteps(progress),
                          fmt::format("run {} of {}, step", run + 1, runs));
  };
  if (!context.Resume()) return;
  context.Restore(around);
  scattering.resume = [&](const SaveState& state) { context.Restore(state); };
}

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

}  // namespace

std::array<double, 3> ViewPoint(const device::TimeDomainProblem& problem) {
  std::array<double, 3> point = problem.ports.front().at;
  point[domain::AxisOf(problem.ports.front().faces)] = 0;
  return point;
}

ScatteringOptions PortRunOptions(const deck::SimulateOptions& options,
                                 const device::TimeDomainProblem& problem) {
  ScatteringOptions scattering;
  scattering.waveform = device::PulseOf(options, problem);
  scattering.engine = problem.engine;
  scattering.known_modes = problem.known_modes;
  scattering.run = device::RunControlOf(options, problem);
  solvers::fdtd::FieldRequest request;
  request.wavelength = options.MiddleWavelength();
  request.components = ShownComponents(problem.lattice);
  request.boxes = {RecordedFor(problem.lattice, problem.lattice.InsidePml(), request.components)};
  if (!options.output.fields) {
    request.boxes = ViewBoxes(problem.lattice, problem.lattice.InsidePml(), ViewPoint(problem));
  }
  request.inputs = FieldInputs(problem.lattice);
  scattering.field = request;
  return scattering;
}

double EnergyDecay(const ScatteringSpectrum& spectrum) {
  double decibel = -1e30;
  for (const auto& run : spectrum.runs) decibel = std::max(decibel, run.end.last.decibel);
  return decibel;
}

namespace {

ScatteringDevice DeviceOf(const device::TimeDomainProblem& problem) {
  return {problem.ports, problem.lattice.TwoDimensional(), problem.lossless};
}

bool Converged(const ScatteringSpectrum& spectrum) {
  return std::all_of(spectrum.runs.begin(), spectrum.runs.end(),
                     [](const auto& run) { return run.end.converged; });
}

nlohmann::ordered_json Summarize(const device::TimeDomainProblem& problem,
                                 const ScatteringSpectrum& spectrum, const WorkTotals& totals) {
  const auto& defects = spectrum.reciprocity_defect;
  long steps = 0;
  for (const auto& run : spectrum.runs) steps += run.end.last.step;
  nlohmann::ordered_json summary{
      {"job", "simulate"},
      {"method", "time_domain"},
      {"reciprocity_defect", *std::max_element(defects.begin(), defects.end())},
      {"energy_balance_error", spectrum.LargestBalanceError(problem.lossless)},
      {"converged", Converged(spectrum)},
      {"energy_decay_db", EnergyDecay(spectrum)},
      {"cells", problem.lattice.CellCount()},
      {"runs", spectrum.runs.size()},
      {"steps", steps},
      {"time_step_um", problem.time_step},
      {"mcells_per_second", totals.McellsPerSecond()},
      {"bytes_per_cell", totals.bytes_per_cell},
      {"halo_share", totals.halo_share}};
  const size_t middle = spectrum.wavelengths.size() / 2;
  if (!problem.fits.empty()) summary["media"] = device::MediaFitSummary(problem.fits);
  summary["wavelength_um"] = spectrum.wavelengths[middle];
  for (size_t in = 0; in < spectrum.modes.size(); ++in) {
    for (size_t out = 0; out < spectrum.modes.size(); ++out) {
      summary["power"][spectrum.modes[in].name][spectrum.modes[out].name] =
          std::norm(spectrum.s[middle](out, in));
    }
  }
  return summary;
}

void WriteFields(run::RunContext& context, const deck::SimulateOptions& options,
                 const device::TimeDomainProblem& problem, const ScatteringSpectrum& spectrum) {
  context.Write("the pictures of the fields", [&](io::Hdf5File& file) {
    WriteViews(file, problem, spectrum.fields, 0, ViewPoint(problem));
  });
  for (size_t in = 0; in < spectrum.fields.size() && options.output.fields; ++in) {
    std::string name = spectrum.modes[in].name;
    std::replace(name.begin(), name.end(), '#', '_');
    context.Try("the field file of input " + spectrum.modes[in].name, [&] {
      WriteFieldBlock(context.Comm(), context.Directory() + "/field_" + name, problem,
                      problem.lattice.InsidePml(), spectrum.fields[in].front(), 0);
    });
  }
}

/// One line on what the run is worth, and warnings where it is not.
void PrintDefects(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
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
  const checks::DecayError left = checks::DecayErrorOf(decay, device::PulseOf(options, problem),
                                                       spectrum.wavelengths, problem.time_step);
  summary["decay_error"] = checks::ToJson(left);
  if (Converged(spectrum)) {
    checks::GiveWarnings(
        {checks::DecayWarning(left, device::RunControlOf(options, problem).decay, "S")});
  }
  checks::GiveWarnings(spectrum.mode_doubts);
  checks::WarnOfScattering(checks::EvidenceOf(problem, spectrum, left.weakest), summary);
}

}  // namespace

void RunPorts(run::RunContext& context, const deck::SimulateOptions& options,
              const device::TimeDomainProblem& problem, const checks::MeshError& mesh_error) {
  const MPI_Comm comm = context.Comm();
  checks::LogPlaces(options, problem);
  if (!problem.fits.empty()) {
    context.Write("writing the media",
                  [&](io::Hdf5File& file) { device::RecordMediaFits(file, problem.fits); });
  }
  PortMonitors monitors(context, options, problem);
  TimeFrames frames(context, options, problem);
  ScatteringSpectrum spectrum;
  {
    const auto scope = context.Timers().Measure("solve");
    RunBars bars(context);
    ScatteringOptions scattering = PortRunOptions(options, problem);
    scattering.run.expected_steps = EstimateSteps(comm, options, problem).steps;
    monitors.Join(scattering);
    frames.Join(scattering);
    MakeResumable(context, options.output.fields, monitors, frames, bars, scattering);
    spectrum = solvers::fdtd::SolveScattering(comm, problem.lattice, problem.media, problem.ports,
                                              options.wavelengths, scattering);
    if (spectrum.stopped) context.Stop();
    bars.End();
  }
  monitors.Collect();
  PrintScattering(DeviceOf(problem), spectrum);
  for (const auto& run : spectrum.runs) {
    if (!run.end.converged) ReportEnd(run.end);
  }
  std::vector<solvers::fdtd::EngineStatistics> work;
  for (const auto& run : spectrum.runs) work.push_back(run.work);
  const WorkTotals totals = TotalWork(comm, work, problem.lattice.CellCount());
  nlohmann::ordered_json& summary = context.Summary();
  summary = Summarize(problem, spectrum, totals);
  summary["mesh_error_estimate"] = mesh_error.Json();
  if (!monitors.Summary().is_null()) summary["input"] = monitors.Summary();
  PrintDefects(options, problem, spectrum, totals, summary);
  context.Write("writing the S-matrix", [&](io::Hdf5File& file) {
    WriteScattering(file, "", DeviceOf(problem), spectrum);
    WriteConverged(file, Converged(spectrum));
  });
  context.Write("writing the error of the mesh",
                [&](io::Hdf5File& file) { checks::WriteMeshError(file, mesh_error); });
  context.SaveSummary();
  const auto scope = context.Timers().Measure("output");
  WriteFields(context, options, problem, spectrum);
}

}  // namespace symwave::jobs::simulate::time
