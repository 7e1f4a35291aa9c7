#include "jobs/train/chip/work.hpp"

#include <algorithm>
#include <cmath>

#include "jobs/run/stepped_work.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/frequency/work.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "jobs/train/chip/composition.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

namespace {

using run::Operation;
using simulate::frequency::AddAnalysis;
using simulate::frequency::AddSolutions;
using simulate::frequency::SparseSystem;
using solvers::fdfd::PlanePoints;
using training::TrainerKind;

/// Right-hand sides at a time in an elimination: solvers/fdfd/condensed_part.
constexpr double kEliminated = 64;

double DensestIndex(const domain::PermittivityTable& table) {
  double densest = 1;
  for (const auto& [name, eps] : table) densest = std::max(densest, std::sqrt(eps).real());
  return densest;
}

/// Columns of the grid that a training step factorizes.
long StripColumns(const device::Device& device) {
  long columns = 0;
  for (const auto& strip : domain::StripsOf(device.elements)) {
    columns += std::lround(std::ceil((strip[1] - strip[0]) / device.lattice->CellWidth(0, 0)));
  }
  return columns;
}

/// Factorizations and right-hand sides of one step of one block.
struct StepCounts {
  long factorizations = 1, solves = 0;
};

StepCounts CountsOf(TrainerKind kind, const deck::ChipTrainingOptions& options,
                    const device::Device& device) {
  const bool reverse = kind == TrainerKind::Reverse;
  const bool mirrored = !reverse && options.training.error_pass == training::ErrorPass::Mirrored;
  const bool one_side =
      !reverse && !mirrored && options.training.error_pass != training::ErrorPass::Reverse;
  return {mirrored ? 2 : 1, device.inputs * (one_side ? 1L : 2L)};
}

/// Networks of the sweep whose optics are not those of the main run.
long OtherOptics(const deck::SweepOptions& sweep) {
  if (sweep.Empty()) return 0;
  return sweep.hardware * (sweep.OpticalPoints() + 1) - 1;
}

/// The fixed parts of one block that are eliminated: of mirrored ones the first.
struct FixedParts {
  double count = 0;    ///< of them
  double columns = 0;  ///< of the grid, all
  double lines = 0;    ///< columns beside strips, all
};

FixedParts PartsOf(const deck::ChipTrainingOptions& options, const device::Device& device) {
  const auto strips = static_cast<double>(domain::StripsOf(device.elements).size());
  const double columns =
      static_cast<double>(PlanePoints(*device.lattice).Nx() - StripColumns(device));
  const bool mirrored = device.mirror_symmetric && !options.fabrication.Local();
  FixedParts parts{strips + 1, columns, 2 * strips};
  if (!mirrored) return parts;
  return {std::ceil(parts.count / 2), columns / 2, strips};
}

void AddEliminations(run::Work& work, const deck::ChipTrainingOptions& options,
                     const device::Device& device, double times) {
  const FixedParts parts = PartsOf(options, device);
  const double rows = PlanePoints(*device.lattice).Ny();
  SparseSystem part;
  part.unknowns = parts.columns / parts.count * rows;
  part.across = std::min(rows, parts.columns / parts.count);
  part.right_sides =
      parts.lines / parts.count * rows + simulate::frequency::PortModes(device) / (parts.count + 1);
  part.block = kEliminated;
  const double tasks = options.training.blocks;
  const double all = times * parts.count / tasks;
  run::Work one;
  one.Add("condensation", Operation::Unknown, part.unknowns, tasks);
  one.Add("condensation", Operation::Analysis, part.unknowns, tasks, 0);
  AddSolutions(one, "condensation", part, tasks);
  for (run::Part& piece : one.parts) {
    piece.amount *= all;
    piece.shared = 0;  // sparse right-hand sides go through one rank: two take longer than one
  }
  work.parts.insert(work.parts.end(), one.parts.begin(), one.parts.end());
}

/// The system that a step factorizes.
SparseSystem StepSystem(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const TrainingEffort& effort) {
  SparseSystem step = simulate::frequency::WholeSystem(device);
  step.right_sides =
      static_cast<double>(effort.solves) / static_cast<double>(std::max(1L, effort.factorizations));
  if (!options.solver.condensation) return step;
  step.unknowns = static_cast<double>(effort.step_unknowns);
  step.across = static_cast<double>(StripColumns(device)) /
                static_cast<double>(std::max<size_t>(1, domain::StripsOf(device.elements).size()));
  step.dense = 2.0 * PlanePoints(*device.lattice).Ny();
  return step;
}

void AddTimeSteps(run::Work& work, const deck::ChipTrainingOptions& options,
                  const device::Device& device, const TrainingEffort& effort) {
  const auto steps = static_cast<double>(StepsOfRun(options, device) * effort.solves);
  run::AddSteps(work, *device.lattice, {steps, 0, true});
  work.threads = options.solver.time_domain.threads;
  work.threads_key = "solver.threads";
  work.assumptions.push_back(
      "a run in time domain lasts as long as its pulse and two ways of light through the chip");
}

void AddTrainingSteps(run::Work& work, const deck::ChipTrainingOptions& options,
                      const device::Device& device, const TrainingEffort& effort) {
  const double blocks = options.training.blocks;
  const SparseSystem step = StepSystem(options, device, effort);
  run::Work one;
  AddSolutions(one, "training", step, blocks);
  for (run::Part& piece : one.parts) {
    piece.amount *= static_cast<double>(effort.factorizations) / blocks;
  }
  work.parts.insert(work.parts.end(), one.parts.begin(), one.parts.end());
  if (options.solver.condensation) {
    AddEliminations(work, options, device, static_cast<double>(effort.eliminations));
  }
}

/// Standard deviation of a run's pulse [um]: longer where spectra of several wavelengths must
/// differ (solvers/fdtd/quadrature_pulses.hpp).
double PulseOf(const deck::ChipTrainingOptions& options, const device::Device& device,
               double periods) {
  double pulse = periods * options.wavelengths.front();
  if (!SharesRuns(options, device)) return pulse;
  std::vector<double> sorted = options.wavelengths;
  std::sort(sorted.begin(), sorted.end());
  for (size_t k = 0; k + 1 < sorted.size(); ++k) {
    pulse = std::max(pulse, 0.8 / (2 * M_PI * (1 / sorted[k] - 1 / sorted[k + 1])));
  }
  return pulse;
}

/// Parts are solved once for every block, the model, and the points of a sweep that change optics.
void CountParts(const deck::ChipTrainingOptions& options,
                const training::chip::Composition& composition, TrainingEffort& effort) {
  const auto& trainers = options.training.trainers;
  const bool model = std::count(trainers.begin(), trainers.end(), TrainerKind::InSilico) > 0;
  const long chips =
      (options.training.blocks * (1 + OtherOptics(options.sweep)) + (model ? 1 : 0)) *
      static_cast<long>(options.wavelengths.size());
  effort.factorizations =
      options.InTimeDomain() ? 0 : chips * static_cast<long>(composition.parts.size());
  effort.solves = chips * LaunchesOf(composition);
  effort.eliminations = 0;
}

}  // namespace

TrainingEffort EffortOf(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::chip::Composition& composition,
                        const std::vector<Task>& tasks) {
  TrainingEffort effort;
  long samples = 0, most_samples = 0;
  for (const Task& task : tasks) {
    const long own = task.Split().train.Samples();
    samples += own;
    most_samples = std::max(most_samples, own);
  }
  const long blocks = options.training.blocks;
  const auto wavelengths = static_cast<long>(tasks.size());
  const long batch = options.training.batch > 0
                         ? std::min<long>(options.training.batch, most_samples)
                         : most_samples;
  const long steps = options.training.epochs * ((most_samples + batch - 1) / std::max(1L, batch));
  if (device.lattice->TwoDimensional()) {
    const PlanePoints plane(*device.lattice);
    effort.step_unknowns =
        options.solver.condensation ? StripColumns(device) * plane.Ny() : plane.Unknowns();
  }
  const auto add = [&](TrainerKind kind, long taken) {
    const StepCounts counts = CountsOf(kind, options, device);
    effort.steps += taken;
    effort.factorizations += taken * blocks * wavelengths * counts.factorizations;
    effort.solves +=
        taken * blocks * counts.solves * (SharesRuns(options, device) ? 1 : wavelengths);
  };
  effort.eliminations = blocks * wavelengths;
  for (const TrainerKind trainer : options.training.trainers) {
    // The last commands are measured once more.
    add(trainer, steps + 1);
    effort.passes += options.training.epochs * samples * 2 * blocks;
    if (trainer == TrainerKind::InSilico) effort.eliminations += wavelengths;
  }
  const deck::SweepOptions& sweep = options.sweep;
  const long points = sweep.Points() * sweep.hardware;
  if (options.solver.compose) {
    CountParts(options, composition, effort);
  } else if (points > 0) {
    // A point trains, and compares two gradients first; that of the deck does this alone.
    add(TrainerKind::ForwardMode, points * (sweep.epochs + 1));
    add(TrainerKind::Reverse, points * (1 + (sweep.reverse ? sweep.epochs : 0)));
    effort.eliminations += blocks * wavelengths * OtherOptics(sweep);
  }
  return effort;
}

namespace {

long StepsOn(const deck::ChipTrainingOptions& options, const device::Device& device,
             const domain::Lattice& lattice) {
  const solvers::fdtd::TimeDomainOptions given = ChipRunOptions(options, lattice);
  const double wavelength = options.wavelengths.front();
  const double longest = std::max(lattice.Along(0).Length(), lattice.Along(1).Length());
  // The pulse is cut 7 standard deviations before and after its middle.
  const double time = 14 * PulseOf(options, device, given.pulse_periods) +
                      2 * longest * DensestIndex(device::MaterialTable(options, wavelength));
  return std::lround(time / (given.courant * lattice.CourantLimit()));
}

}  // namespace

long StepsOfRun(const deck::ChipTrainingOptions& options, const device::Device& device) {
  return StepsOn(options, device, *device.lattice);
}

run::MemoryNeed TrainingMemory(const deck::ChipTrainingOptions& options,
                               const device::Device& device, int ranks) {
  run::MemoryNeed need = simulate::frequency::SolveMemory(options, device, ranks);
  if (!options.InTimeDomain() && !options.solver.compose && !options.solver.condensation) {
    // The chips keep their factors beside each other.
    need.shared *= static_cast<double>(options.wavelengths.size());
  }
  if (options.InTimeDomain() || !options.solver.condensation) return need;
  // While a fixed part is eliminated: its factor, and blocks of right-hand sides, which one of the
  // ranks takes for all.
  const FixedParts parts = PartsOf(options, device);
  const double unknowns = parts.columns / parts.count * PlanePoints(*device.lattice).Ny();
  const double factor =
      1e6 * simulate::frequency::FactorizationMegabytes(
                std::lround(unknowns), options.solver.factorization == deck::Factorization::Ldlt);
  const double right_sides = unknowns * 4 * 16 * kEliminated;
  if (factor + right_sides > need.shared) {
    need.shared = factor;
    need.each += right_sides;
  }
  return need;
}

namespace {

void AddParts(run::Work& work, const deck::ChipTrainingOptions& options,
              const device::Device& device, const training::chip::Composition& composition,
              const TrainingEffort& effort) {
  double cells = 0,
         steps = 0;  // of all parts; cells and steps of a launch into each of their ports
  for (const training::chip::Part& part : composition.parts) {
    const domain::Lattice lattice =
        training::chip::LatticeOfPart(*device.lattice, composition.cuts, part);
    const auto of_part = static_cast<double>(lattice.CellCount());
    cells += of_part;
    if (!options.InTimeDomain()) continue;
    steps += of_part * static_cast<double>(part.Ports()) *
             static_cast<double>(StepsOn(options, device, lattice));
  }
  const double chips = static_cast<double>(effort.solves) / LaunchesOf(composition);
  if (options.InTimeDomain()) {
    const double on_device = steps / static_cast<double>(device.lattice->CellCount());
    run::AddSteps(work, *device.lattice, {chips * on_device, 0, true});
    work.threads = options.solver.time_domain.threads;
    work.threads_key = "solver.threads";
    work.assumptions.push_back("no two parts of the composed device are the same");
    return;
  }
  SparseSystem part = simulate::frequency::WholeSystem(device);
  const double share = cells / static_cast<double>(device.lattice->CellCount());
  part.unknowns *= share / static_cast<double>(composition.parts.size());
  part.right_sides =
      static_cast<double>(effort.solves) / static_cast<double>(effort.factorizations);
  AddSolutions(work, "parts", part, static_cast<double>(effort.factorizations));
}

}  // namespace

run::Work CountTraining(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::chip::Composition& composition,
                        const std::vector<Task>& tasks, const run::Work& whole) {
  const TrainingEffort effort = EffortOf(options, device, composition, tasks);
  run::Work work;
  if (options.solver.compose) {
    AddParts(work, options, device, composition, effort);
  } else if (options.InTimeDomain()) {
    AddTimeSteps(work, options, device, effort);
  } else {
    AddTrainingSteps(work, options, device, effort);
  }
  if (!options.InTimeDomain()) work.tasks = options.training.blocks;
  // At the end, and for each frame.
  work.parts.insert(work.parts.end(), whole.parts.begin(), whole.parts.end());
  work.memory = whole.memory;
  work.file_bytes = whole.file_bytes;
  work.modes_bytes = whole.modes_bytes;
  if (!device.lattice->TwoDimensional()) return work;
  const auto trainers = static_cast<double>(options.training.trainers.size());
  work.frames =
      simulate::frequency::FramesOf(device, device.inputs, trainers * options.training.epochs);
  work.frames->offers = trainers;
  work.frames->each = whole.parts;
  return work;
}

}  // namespace symwave::jobs::train::chip
