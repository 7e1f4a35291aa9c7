#include "jobs/train/chip/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "jobs/checks/data_warnings.hpp"
#include "jobs/run/plan_text.hpp"
#include "jobs/simulate/frequency/plan.hpp"
#include "jobs/simulate/time/step_rate.hpp"
#include "jobs/train/chip/chip_network.hpp"
#include "training/encoding.hpp"
#include "training/loss.hpp"
#include "training/split.hpp"

namespace symwave::jobs::train::chip {

namespace {

/// Work of all trainings of a deck.
struct TrainingEffort {
  long step_unknowns = 0;  ///< factorized in a step: strips only, when condensed
  long factorizations = 0;
  long solves = 0;
  long passes = 0;  ///< launches of light in a laboratory
};

double DensestIndex(const domain::PermittivityTable& table) {
  double densest = 1;
  for (const auto& [name, eps] : table) densest = std::max(densest, std::sqrt(eps).real());
  return densest;
}

/// Columns of the grid that a training step factorizes.
long StripColumns(const device::Device& device) {
  long columns = 0;
  for (const auto& strip : device.strips) {
    columns += std::lround(std::ceil((strip[1] - strip[0]) / device.grid.X().Width(0)));
  }
  return columns;
}

/// The data must fit the inputs and outputs of the chip.
void CheckData(const deck::ChipTrainingOptions& options, const device::Device& device,
               const training::Dataset& data) {
  try {
    training::Encoder(options.encoding, device.inputs, static_cast<int>(data.features.cols()));
    training::IntensityLoss(options.loss, device.inputs, static_cast<int>(data.classes.size()));
  } catch (const base::UserError& error) {
    base::Fail("{}: {}", options.data->where, error.what());
  }
}

TrainingEffort EffortOf(const deck::ChipTrainingOptions& options, const device::Device& device,
                        const training::Dataset& data) {
  TrainingEffort effort;
  const long samples = training::SplitSamples(data, *options.data).train.Samples();
  const long blocks = options.training.blocks;
  const long batch =
      options.training.batch > 0 ? std::min<long>(options.training.batch, samples) : samples;
  const long steps = options.training.epochs * ((samples + batch - 1) / batch);
  effort.step_unknowns = options.solver.condensation ? StripColumns(device) * device.grid.Ny()
                                                     : device.grid.Unknowns();
  for (const training::TrainerKind trainer : options.training.trainers) {
    const bool mirrored = trainer != training::TrainerKind::Reverse &&
                          options.training.error_pass == training::ErrorPass::Mirrored;
    const bool one_side = !mirrored && trainer != training::TrainerKind::Reverse &&
                          options.training.error_pass != training::ErrorPass::Reverse;
    effort.factorizations += steps * blocks * (mirrored ? 2 : 1);
    effort.solves += steps * blocks * device.inputs * (one_side ? 1 : 2);
    effort.passes += options.training.epochs * samples * 2 * blocks;
  }
  const deck::SweepOptions& sweep = options.sweep;
  const long points = static_cast<long>(sweep.roughness.size() + sweep.thickness_bias.size() +
                                        sweep.offset_range.size());
  effort.factorizations += points * sweep.epochs * blocks;
  effort.solves += points * sweep.epochs * blocks * device.inputs;
  // The first block once more as a whole.
  effort.factorizations += 1;
  effort.solves += simulate::frequency::PortModes(device);
  return effort;
}

/// A training whose steps are runs in time: the pulse and two ways of light through the chip. The
/// first block is solved once more by factorization.
std::string RunsText(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                     const device::Device& device, long runs) {
  const int ranks = base::Communicator::SizeOf(comm);
  const domain::Lattice lattice = domain::LatticeOf(device.grid);
  const solvers::fdtd::TimeDomainOptions given = ChipRunOptions(options);
  const double wavelength = options.wavelengths.front();
  const double longest = std::max(lattice.Along(0).Length(), lattice.Along(1).Length());
  // The pulse is cut 7 standard deviations before and after its middle.
  const double time = 14 * given.pulse_periods * wavelength +
                      2 * longest * DensestIndex(device::MaterialTable(options, wavelength));
  const long steps = std::lround(time / (given.courant * lattice.CourantLimit()));
  solvers::fdtd::EngineOptions engine;
  engine.precision = solvers::fdtd::Precision::Float64;
  engine.courant = given.courant;
  engine.threads = given.threads;
  const double rate = simulate::time::MeasureStepRate(comm, lattice, engine);
  const double seconds =
      static_cast<double>(lattice.CellCount() * steps) * static_cast<double>(runs) / rate;
  return fmt::format(
      "  time domain    about {} runs of {} steps, one per input and direction of a step\n"
      "  time           about {} on {}, at {:.0f} Mcells/s as measured here\n"
      "  last check     1 factorization, {} right-hand sides, with the memory above\n",
      runs, steps, run::DurationText(seconds), run::RanksText(ranks), 1e-6 * rate,
      simulate::frequency::PortModes(device));
}

}  // namespace

std::string ChipTrainingPlan(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                             const device::Device& device, const training::Dataset& data,
                             bool fits) {
  std::string text = simulate::frequency::DevicePlan(comm, options, device);
  CheckData(options, device, data);
  const TrainingEffort effort = EffortOf(options, device, data);
  text += fmt::format("  data           {}\n", checks::DataText(data));
  text += fmt::format("  unknowns       {}", device.grid.Unknowns());
  if (effort.step_unknowns != device.grid.Unknowns() && !options.InTimeDomain()) {
    text += fmt::format(", of which {} are factorized in a training step", effort.step_unknowns);
  }
  text += fmt::format("\n  port modes     {}\n", simulate::frequency::PortModes(device));
  text += simulate::frequency::SolveMemoryText(comm, options, device);
  if (!options.InTimeDomain()) {
    text += fmt::format("  factorizations {}\n  solves         {} right-hand sides\n",
                        effort.factorizations, effort.solves);
  } else if (fits) {
    text += RunsText(comm, options, device, effort.solves - simulate::frequency::PortModes(device));
  }
  return text +
         fmt::format("  passes         {} launches of light in a laboratory\n", effort.passes);
}

}  // namespace symwave::jobs::train::chip
