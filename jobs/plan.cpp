#include "jobs/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "jobs/chip_network.hpp"
#include "jobs/data_warnings.hpp"
#include "jobs/deck_warnings.hpp"
#include "jobs/device.hpp"
#include "jobs/lattice_placement.hpp"
#include "jobs/mesh_error.hpp"
#include "jobs/plan_time_domain.hpp"
#include "jobs/resolution_check.hpp"
#include "jobs/time_domain_rate.hpp"
#include "solvers/fdfd/simulation.hpp"
#include "training/dataset.hpp"
#include "training/encoding.hpp"
#include "training/loss.hpp"
#include "training/split.hpp"

namespace symwave::jobs {

namespace {

double DensestIndex(const domain::PermittivityTable& table) {
  double densest = 1;
  for (const auto& [name, eps] : table) densest = std::max(densest, std::sqrt(eps).real());
  return densest;
}

/// Every wavelength: materials, fits and port modes. Returns the port modes of the last one.
std::vector<solvers::fdfd::PortMode> CheckPorts(const Device& device, const DeckOptions& options) {
  std::vector<solvers::fdfd::PortMode> modes;
  for (const double wavelength : options.wavelengths) {
    const domain::Layout layout = MakeLayout(device, options, wavelength, options.fabrication);
    modes = solvers::fdfd::SolvePorts(device.grid, layout, 2 * M_PI / wavelength, device.ports);
  }
  return modes;
}

/// Columns of the grid that a training step factorizes.
long StripColumns(const Device& device) {
  long columns = 0;
  for (const auto& strip : device.strips) {
    columns += std::lround(std::ceil((strip[1] - strip[0]) / device.grid.X().Width(0)));
  }
  return columns;
}

void PlanTraining(MPI_Comm comm, const DeckOptions& options, const Device& device, Plan& plan) {
  const training::Dataset data = training::ReadDataset(comm, *options.data);
  plan.data = DataText(data);
  const std::vector<std::string> warnings = DataWarnings(options, data);
  plan.notes.insert(plan.notes.end(), warnings.begin(), warnings.end());
  try {
    training::Encoder(options.encoding, device.inputs, static_cast<int>(data.features.cols()));
    training::IntensityLoss(options.loss, device.inputs, static_cast<int>(data.classes.size()));
  } catch (const base::UserError& error) {
    base::Fail("{}: {}", options.data->where, error.what());
  }
  const long samples = training::SplitSamples(data, *options.data).train.Samples();
  const long blocks = options.training.blocks;
  const long batch =
      options.training.batch > 0 ? std::min<long>(options.training.batch, samples) : samples;
  const long steps = options.training.epochs * ((samples + batch - 1) / batch);
  if (options.solver.condensation) plan.step_unknowns = StripColumns(device) * plan.rows;
  for (const training::TrainerKind trainer : options.training.trainers) {
    const bool mirrored = trainer != training::TrainerKind::Reverse &&
                          options.training.error_pass == training::ErrorPass::Mirrored;
    const bool one_side = !mirrored && trainer != training::TrainerKind::Reverse &&
                          options.training.error_pass != training::ErrorPass::Reverse;
    plan.factorizations += steps * blocks * (mirrored ? 2 : 1);
    plan.solves += steps * blocks * device.inputs * (one_side ? 1 : 2);
    plan.passes += options.training.epochs * samples * 2 * blocks;
  }
  const SweepOptions& sweep = options.sweep;
  const long points = static_cast<long>(sweep.roughness.size() + sweep.thickness_bias.size() +
                                        sweep.offset_range.size());
  plan.factorizations += points * sweep.epochs * blocks;
  plan.solves += points * sweep.epochs * blocks * device.inputs;
  // The first block once more as a whole.
  plan.factorizations += 1;
  plan.solves += plan.ports;
}

/// A training whose steps are runs in time: the pulse and two ways of light through the chip.
void PlanRuns(MPI_Comm comm, const DeckOptions& options, const Device& device, Plan& plan) {
  const domain::Lattice lattice = domain::LatticeOf(device.grid);
  const solvers::fdtd::TimeDomainOptions runs = ChipRunOptions(options);
  const double wavelength = options.wavelengths.front();
  const double longest = std::max(lattice.Along(0).Length(), lattice.Along(1).Length());
  // The pulse is cut 7 standard deviations before and after its middle.
  const double time = 14 * runs.pulse_periods * wavelength +
                      2 * longest * DensestIndex(MaterialTable(options, wavelength));
  plan.run_steps = std::lround(time / (runs.courant * lattice.CourantLimit()));
  solvers::fdtd::EngineOptions engine;
  engine.precision = solvers::fdtd::Precision::Float64;
  engine.courant = runs.courant;
  engine.threads = runs.threads;
  plan.cells_per_second = MeasureStepRate(comm, lattice, engine);
  plan.run_seconds = static_cast<double>(lattice.CellCount()) *
                     static_cast<double>(plan.run_steps * (plan.solves - plan.ports)) /
                     plan.cells_per_second;
}

/// The first block is solved once more by factorization.
std::string TimeDomainText(const Plan& plan, int ranks) {
  return fmt::format(
      "  time domain    about {} runs of {} steps, one per input and direction of a step\n"
      "  time           about {} on {} rank{}, at {:.0f} Mcells/s as measured here\n"
      "  last check     1 factorization, {} right-hand sides, with the memory above\n",
      plan.solves - plan.ports, plan.run_steps, DurationText(plan.run_seconds), ranks,
      ranks == 1 ? "" : "s", 1e-6 * plan.cells_per_second, plan.ports);
}

}  // namespace

double FactorizationMegabytes(long unknowns, bool ldlt) {
  const double n = static_cast<double>(std::max(unknowns, 2L));
  return 43e-6 * n * std::log2(n) * (ldlt ? 1 : 1.6);
}

Plan MakePlan(MPI_Comm comm, const Deck& deck) {
  const DeckOptions& options = deck.options;
  const Device device = BuildDevice(options);
  // Refuses more ranks than columns.
  const solvers::fdfd::Simulation simulation(comm, device.grid, SolverOptionsOf(options));
  Plan plan;
  plan.columns = device.grid.Nx();
  plan.rows = device.grid.Ny();
  plan.cell = options.grid.Cell(0);
  plan.unknowns = plan.step_unknowns = device.grid.Unknowns();
  const std::vector<solvers::fdfd::PortMode> modes = CheckPorts(device, options);
  plan.ports = static_cast<int>(modes.size());
  const MaterialResolution coarsest = Coarsest(device.resolution);
  plan.cells_per_wavelength = coarsest.cells;
  plan.coarsest = coarsest.material;
  plan.placement = PlacementText(options);
  plan.mesh_error = EstimateMeshError(options, device).Sentence();
  plan.notes = FrequencyDomainWarnings(options, device);
  plan.memory_mb =
      FactorizationMegabytes(plan.unknowns, options.solver.factorization == Factorization::Ldlt);
  // Right-hand sides and solutions of all ports.
  plan.memory_mb += 2 * 16e-6 * static_cast<double>(plan.unknowns) * plan.ports;
  if (options.job == JobKind::Train) {
    PlanTraining(comm, options, device, plan);
    if (options.InTimeDomain()) PlanRuns(comm, options, device, plan);
  } else {
    plan.factorizations = static_cast<long>(options.wavelengths.size());
    plan.solves = plan.factorizations * plan.ports;
  }
  return plan;
}

std::string PlanText(const Deck& deck, const Plan& plan, int ranks) {
  std::string text = fmt::format("{}: {}\n", deck.path,
                                 deck.options.title.empty() ? "no title" : deck.options.title);
  text += fmt::format(
      "  grid           {} x {} cells of {} um with PML, {:.1f} cells per wavelength "
      "in '{}'\n",
      plan.columns, plan.rows, plan.cell, plan.cells_per_wavelength, plan.coarsest);
  for (const std::string& axis : plan.placement) {
    text += fmt::format("  placement      {}\n", axis);
  }
  text += fmt::format("  mesh error     {}\n", plan.mesh_error);
  text += fmt::format("  wavelength     {}\n", BandText(deck.options.wavelengths));
  if (!plan.data.empty()) text += fmt::format("  data           {}\n", plan.data);
  text += fmt::format("  unknowns       {}", plan.unknowns);
  if (plan.step_unknowns != plan.unknowns && !deck.options.InTimeDomain()) {
    text += fmt::format(", of which {} are factorized in a training step", plan.step_unknowns);
  }
  text += fmt::format("\n  port modes     {}\n", plan.ports);
  text += fmt::format("  memory         about {:.0f} MB in all, {:.0f} MB per rank on {} rank{}\n",
                      plan.memory_mb, plan.memory_mb / ranks, ranks, ranks == 1 ? "" : "s");
  if (deck.options.InTimeDomain()) {
    text += TimeDomainText(plan, ranks);
  } else {
    text += fmt::format("  factorizations {}\n  solves         {} right-hand sides\n",
                        plan.factorizations, plan.solves);
  }
  if (plan.passes > 0) {
    text += fmt::format("  passes         {} launches of light in a laboratory\n", plan.passes);
  }
  for (const std::string& note : plan.notes) text += fmt::format("  note           {}\n", note);
  return text + "ok\n";
}

}  // namespace symwave::jobs
