#include "jobs/simulate/time/work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "jobs/device/coarse_twin.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/run/stepped_work.hpp"
#include "solvers/fdtd/pole_profile.hpp"
#include "solvers/fdtd/port_spectra.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

namespace {

/// Group index of a guide over the index of its core, as silicon and nitride guides have it.
constexpr double kGroupOverIndex = 1.2;
/// Of the factor of a cross-section in three dimensions, for each point: measured at 43,000 and
/// 173,000.
constexpr double kModeBytes = 7000;
/// Modes are solved on half the cells, too, to see the error of the mesh: checks/mesh_error, which
/// leaves larger planes out.
constexpr double kMostFinePoints = 20000;
/// Numbers of fields in files: float32, real part, imaginary part and magnitude, and the
/// permittivity of a cell.
constexpr double kWrittenBytes = 4;

/// Whether light may go round in something.
bool MayResonate(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem) {
  for (const deck::ShapeOptions& shape : options.shapes) {
    const auto& geometry = shape.geometry;
    if (std::holds_alternative<domain::Ring>(geometry) ||
        std::holds_alternative<domain::Racetrack>(geometry) ||
        std::holds_alternative<domain::Circle>(geometry) ||
        std::holds_alternative<domain::Cylinder>(geometry) ||
        std::holds_alternative<domain::Sphere>(geometry)) {
      return true;
    }
  }
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const auto* probe = std::get_if<deck::ProbeOptions>(&monitor.what);
    if (probe && probe->resonances) return true;
  }
  int open = 0;
  for (int axis = 0; axis < 3; ++axis) {
    open += problem.lattice.End(axis, 0).pml_cells + problem.lattice.End(axis, 1).pml_cells;
  }
  return open == 0;
}

/// Times of the pulses that a run launches [um].
struct PulseTimes {
  double end = 0;    ///< of the last one
  double spent = 0;  ///< when what is still to come is the part of the energy that ends a run
};

PulseTimes TimesOf(const solvers::fdtd::Waveform& pulse, double decay) {
  // The Gaussian's amplitude falls as exp(-s^2 / 2), its energy as exp(-s^2).
  const double cut = std::sqrt(-2 * std::log(pulse.Cutoff()));
  const double fallen = decay > 0 ? std::min(cut, std::sqrt(-std::log(decay))) : cut;
  return {pulse.EndTime(), pulse.EndTime() - (cut - fallen) / pulse.Deviation()};
}

PulseTimes TimesOfPulses(const deck::SimulateOptions& options,
                         const device::TimeDomainProblem& problem, double decay) {
  if (options.sources.empty()) return TimesOf(device::PulseOf(options, problem), decay);
  PulseTimes last;
  for (const deck::SourceOptions& source : options.sources) {
    const auto waveform = device::WaveformOf(source.waveform, problem);
    if (waveform.IsContinuous()) continue;
    const PulseTimes times = TimesOf(waveform, decay);
    last = {std::max(last.end, times.end), std::max(last.spent, times.spent)};
  }
  return last;
}

/// Whether all guides of a device with ports are straight, so that little light turns back.
bool AllStraight(const deck::SimulateOptions& options) {
  return std::all_of(options.shapes.begin(), options.shapes.end(),
                     [](const deck::ShapeOptions& shape) {
                       return std::holds_alternative<domain::Box>(shape.geometry) ||
                              std::holds_alternative<domain::Straight>(shape.geometry);
                     });
}

/// The largest of the ports' modes in the middle of the band.
double GroupIndex(MPI_Comm comm, const device::TimeDomainProblem& problem) {
  if (problem.ports.empty()) return device::DensestIndex(problem);
  if (device::HasLargePorts(problem)) {
    return kGroupOverIndex * device::DensestIndex(problem);
  }
  std::vector<solvers::fdtd::SpectrumRequest> requests;
  for (const domain::PlanePort& port : problem.ports) {
    requests.push_back({port, domain::LocatePort(problem.lattice, port), false});
  }
  double largest = 0;
  for (const auto& spectrum : solvers::fdtd::SolveSpectra(
           comm, problem.lattice, problem.media, requests, {problem.middle_omega},
           {problem.time_step, 1}, *problem.known_modes)) {
    for (int m = 0; m < spectrum.Modes(); ++m) {
      largest = std::max(largest, spectrum.At(m, 0).group_index);
    }
  }
  return largest;
}

/// Points of the different planes of the ports: of equal ones the modes of the first are taken.
std::vector<double> DifferentPlanes(const device::TimeDomainProblem& problem) {
  std::set<std::vector<long>> seen;
  std::vector<double> points;
  for (const domain::PlanePort& port : problem.ports) {
    const domain::PortPlane plane = domain::LocatePort(problem.lattice, port);
    std::vector<long> key{plane.axis};
    int number = 0;
    for (const int axis : domain::Across(plane.axis)) {
      // Cells, and where the centre stands between two nodes [1/1000 of a cell].
      key.push_back(plane.box.Extent(axis));
      const int middle = (plane.box.lo[axis] + plane.box.hi[axis] - 1) / 2;
      const double cell = problem.lattice.SmallestWidth(axis);
      const bool flat = problem.lattice.TwoDimensional() && axis == 2;
      const double off = flat ? 0 : port.at[axis] - problem.lattice.Node(axis, middle);
      key.push_back(std::lround(1000 * off / cell));
      key.push_back(std::lround(1e6 * port.span[number++]));
    }
    if (seen.insert(key).second) points.push_back(static_cast<double>(plane.box.Count()));
  }
  return points;
}

void AddPortModes(run::Work& work, const deck::SimulateOptions& options,
                  const device::TimeDomainProblem& problem) {
  if (problem.ports.empty()) return;
  const std::vector<double> planes = DifferentPlanes(problem);
  const size_t most = solvers::fdtd::ScatteringOptions().mode_solves;
  const auto solves = static_cast<double>(std::min(options.wavelengths.size(), most));
  if (problem.lattice.TwoDimensional()) {
    // At all frequencies, in the middle of the band, and there on half the cells.
    work.Add("port modes", run::Operation::PortLine, static_cast<double>(planes.size()),
             solves + 2);
    return;
  }
  const auto count = static_cast<double>(planes.size());
  double points = 0, fine = 0;
  for (const double plane : planes) {
    points += plane / count;
    if (4 * plane <= kMostFinePoints) fine += 4 * plane;
  }
  work.modes_bytes = kModeBytes * *std::max_element(planes.begin(), planes.end());
  // The middle of the band, and all frequencies, if the runs need them.
  const bool launched = options.sources.empty();
  work.Add("port modes", run::Operation::ModePoint, points, count);
  work.Add("port modes", run::Operation::ModePoint, fine / count, count);
  if (launched) work.Add("port modes", run::Operation::ModePoint, points, count * solves);
}

double FileBytes(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem,
                 const MemoryEstimate& memory) {
  double bytes = 0.1e6 + kWrittenBytes * 2 * memory.values;
  if (!options.output.fields) return bytes;
  const auto cells = static_cast<double>(problem.lattice.CellCount());
  const int inputs = problem.lattice.TwoDimensional() ? RunsOf(options, problem) : 1;
  const int components = problem.lattice.TwoDimensional() ? 1 : 3;
  return bytes + kWrittenBytes * cells * (1 + 3.0 * inputs * components);
}

/// Frames of the runs of all inputs.
run::OfferedFrames FramesOf(const deck::SimulateOptions& options,
                            const device::TimeDomainProblem& problem, long steps) {
  run::OfferedFrames frames;
  frames.offers = RunsOf(options, problem);
  frames.numbers = static_cast<double>(steps) * frames.offers;
  const domain::IndexBox nodes = problem.lattice.InsidePml();
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    frames.points[axis] = nodes.Extent(axis);
    frames.lengths[axis] = options.grid.size[axis];
  }
  return frames;
}

}  // namespace

int RunsOf(const deck::SimulateOptions& options, const device::TimeDomainProblem& problem) {
  if (!options.sources.empty()) return 1;
  size_t modes = 0;
  for (const domain::PlanePort& port : problem.ports) modes += port.modes.size();
  return static_cast<int>(modes);
}

RunSteps EstimateSteps(MPI_Comm comm, const deck::SimulateOptions& options,
                       const device::TimeDomainProblem& problem) {
  const solvers::fdtd::RunControl control = device::RunControlOf(options, problem);
  RunSteps run;
  if (control.time > 0) {
    run.steps = std::lround(control.time / problem.time_step);
    run.assumed = "a run of continuous waves ends where solver.stop.max_time says";
    return run;
  }
  const double group = GroupIndex(comm, problem);
  double longest = 0;
  for (int axis = 0; axis < options.grid.Dimensions(); ++axis) {
    longest = std::max(longest, problem.lattice.Along(axis).Length());
  }
  const bool turns_back = options.sources.empty() && !AllStraight(options);
  const PulseTimes pulses = TimesOfPulses(options, problem, control.decay);
  const double way = (turns_back ? 2 : 1) * longest * group;
  run.steps = std::lround(std::max(pulses.end, pulses.spent + way) / problem.time_step);
  if (control.max_steps > 0 && run.steps >= control.max_steps) {
    run.steps = control.max_steps;
    run.assumed = "the run ends where solver.stop.max_time says";
    return run;
  }
  run.least = MayResonate(options, problem);
  run.assumed = fmt::format(
      "a run lasts as long as the pulse and the way of its light through the longest axis{} at a "
      "group index of {:.2f}",
      turns_back ? " and back again" : "", group);
  if (run.least) {
    const double steps = -std::log(control.decay) / problem.middle_omega / problem.time_step;
    run.assumed += fmt::format(
        "; a resonance of quality factor Q goes on for {:.3g} Q more steps, until the energy has "
        "fallen to {:.1g}{}",
        steps, control.decay,
        control.max_steps > 0 ? fmt::format(", or to step {}", control.max_steps) : "");
  }
  return run;
}

run::MemoryNeed NeedOfSteps(const deck::SimulateOptions& options, const MemoryEstimate& memory,
                            int ranks) {
  run::MemoryNeed need = memory.Need(ranks);
  need.remedy = "make grid.cell larger or grid.size smaller";
  need.where = options.grid.where;
  return need;
}

run::Work CountSteps(MPI_Comm comm, const deck::SimulateOptions& options,
                     const device::TimeDomainProblem& problem, const MemoryEstimate& memory) {
  const RunSteps run = EstimateSteps(comm, options, problem);
  const double steps = static_cast<double>(run.steps) * RunsOf(options, problem);
  const bool float64 = options.solver.time_domain.float64;
  run::Work work;
  const auto poles = solvers::fdtd::SamplePoles(comm, problem.lattice, problem.media);
  run::AddSteps(work, problem.lattice, {steps, poles.mean, float64});
  const int every = options.sources.empty() ? solvers::fdtd::StepsBetweenSamples(
                                                  problem.OmegaBand()[1], problem.time_step)
                                            : device::WindowOf(options, problem).every;
  for (const auto& [operation, count] : {std::pair{run::Operation::Sample, memory.values},
                                         std::pair{run::Operation::Transform, memory.products}}) {
    work.Add("transforms", operation, count * steps / every);
    if (count > 0) work.parts.back().spread = problem.lattice.TwoDimensional() ? 0.5 : 2.0 / 3;
  }
  AddPortModes(work, options, problem);
  work.Add("media", run::Operation::Medium, static_cast<double>(problem.lattice.CellCount()));
  work.memory = NeedOfSteps(options, memory, 1);
  work.file_bytes = FileBytes(options, problem, memory);
  work.frames = FramesOf(options, problem, run.steps);
  work.threads = options.solver.time_domain.threads;
  work.threads_key = "solver.threads";
  work.at_least = run.least;
  work.assumptions.push_back(run.assumed);
  return work;
}

}  // namespace symwave::jobs::simulate::time
