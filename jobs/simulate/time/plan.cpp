#include "jobs/simulate/time/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/communicator.hpp"
#include "jobs/checks/deck_warnings.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/device/coarse_twin.hpp"
#include "jobs/device/incidence.hpp"
#include "jobs/device/lattice_placement.hpp"
#include "jobs/device/resolution.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/run/plan_text.hpp"
#include "jobs/simulate/time/memory.hpp"
#include "solvers/fdtd/port_spectra.hpp"
#include "solvers/fdtd/port_window.hpp"

namespace symwave::jobs::simulate::time {

namespace {

/// Modes that the deck names.
int WantedModes(const device::TimeDomainProblem& problem) {
  size_t modes = 0;
  for (const domain::PlanePort& port : problem.ports) modes += port.modes.size();
  return static_cast<int>(modes);
}

/// The modes of every port in the middle of the band.
std::vector<PlannedMode> SolveModes(MPI_Comm comm, const device::TimeDomainProblem& problem) {
  std::vector<solvers::fdtd::SpectrumRequest> requests;
  for (const domain::PlanePort& port : problem.ports) {
    requests.push_back({port, domain::LocatePort(problem.lattice, port), false});
  }
  const auto spectra = solvers::fdtd::SolveSpectra(comm, problem.lattice, problem.media, requests,
                                                   {problem.middle_omega}, {problem.time_step, 1},
                                                   *problem.known_modes);
  std::vector<PlannedMode> modes;
  for (size_t p = 0; p < spectra.size(); ++p) {
    const domain::PlanePort& port = requests[p].port;
    const solvers::fdtd::ModeSpectrum& spectrum = spectra[p];
    for (int m = 0; m < spectrum.Modes(); ++m) {
      const auto mode = spectrum.At(m, 0);
      modes.push_back({domain::ModeName(port.name, port.modes[m]), mode.n_eff, mode.group_index,
                       mode.te_fraction});
    }
  }
  return modes;
}

/// Guided modes among the first six of a port, the largest effective index first.
std::vector<solvers::modes::WaveguideMode> GuidedModes(MPI_Comm comm,
                                                       const device::TimeDomainProblem& problem,
                                                       const domain::PlanePort& port) {
  const domain::PortPlane plane = domain::LocatePort(problem.lattice, port);
  const auto guides = solvers::fdtd::GuidesInWindow(comm, problem.lattice, problem.media, port,
                                                    plane, problem.middle_omega);
  auto found = solvers::modes::SolveWaveguide(comm, problem.lattice, problem.media,
                                              solvers::fdtd::PlaneOfOwnGuide(port, plane, guides),
                                              problem.middle_omega, problem.time_step, 6);
  found.erase(std::remove_if(found.begin(), found.end(), [](const auto& m) { return !m.guided; }),
              found.end());
  return found;
}

/// A sentence for each port cut by a mirror plane: the modes that it would have without
/// grid.symmetry, so that a wrong choice of pec or pmc shows.
std::vector<std::string> HiddenModes(MPI_Comm comm, const deck::SimulateOptions& options,
                                     const device::TimeDomainProblem& problem) {
  std::vector<std::string> notes;
  if (problem.mirror_copies == 1) return notes;
  deck::SimulateOptions unmirrored = options;
  unmirrored.grid.symmetry.clear();
  const device::TimeDomainProblem whole = device::BuildTimeDomain(unmirrored);
  for (size_t p = 0; p < problem.ports.size(); ++p) {
    const size_t left = GuidedModes(comm, problem, problem.ports[p]).size();
    const auto all = GuidedModes(comm, whole, whole.ports[p]);
    if (all.size() <= left) continue;
    std::string list;
    for (const auto& mode : all) {
      list += fmt::format("{}{:.4f}", list.empty() ? "" : ", ", mode.n_eff.real());
      if (!problem.lattice.TwoDimensional()) list += fmt::format(" (TE {:.2f})", mode.te_fraction);
    }
    notes.push_back(
        fmt::format("grid.symmetry leaves {} of the {} guided modes of port {}, whose n_eff are {}",
                    left, all.size(), whole.ports[p].name, list));
  }
  return notes;
}

std::string ModesText(const TimeDomainPlan& plan) {
  std::string text = fmt::format("  port modes     {}", plan.modes);
  if (plan.port_modes.empty()) return text + "\n";
  text += fmt::format(", at {:.4f} um", plan.mode_wavelength);
  if (plan.mode_cells > 1) text += fmt::format(", on cells {:.2g} times as wide", plan.mode_cells);
  text += "\n";
  for (const PlannedMode& mode : plan.port_modes) {
    text += fmt::format("    {:<12} n_eff {:.5f}   n_g {:.4f}", mode.name, mode.n_eff.real(),
                        mode.group_index);
    text += plan.flat ? "\n" : fmt::format("   TE fraction {:.3f}\n", mode.te_fraction);
  }
  return text;
}

std::string MemoryText(const TimeDomainPlan& plan, int ranks) {
  const MemoryEstimate& memory = plan.memory;
  const auto per_cell = [&](double bytes) { return bytes / static_cast<double>(plan.cell_count); };
  return fmt::format(
             "  memory         {:.0f} bytes per cell of plain dielectric, about {:.0f} MB in all, "
             "{:.0f} MB per rank on {} rank{}\n",
             plan.bytes_per_cell, 1e-6 * memory.Total(ranks), 1e-6 * memory.Need(ranks).RankBytes(),
             ranks, ranks == 1 ? "" : "s") +
         fmt::format(
             "  bytes per cell {:.0f} of this deck: fields {:.0f}, PML {:.0f}, media {:.0f}, "
             "transforms {:.0f}, sources and modes {:.1f}\n",
             per_cell(memory.Total(ranks)), per_cell(memory.fields), per_cell(memory.pml),
             per_cell(memory.media), per_cell(memory.transforms),
             per_cell(memory.sources + ranks * memory.modes));
}

}  // namespace

TimeDomainPlan PlanTimeDomain(MPI_Comm comm, const deck::SimulateOptions& options,
                              const device::TimeDomainProblem& problem,
                              const MemoryEstimate& memory, bool fits) {
  TimeDomainPlan plan;
  const domain::Lattice& lattice = problem.lattice;
  plan.flat = lattice.TwoDimensional();
  plan.smallest_cell = std::numeric_limits<double>::infinity();
  for (int axis = 0; axis < 3; ++axis) {
    plan.cells[axis] = lattice.Cells(axis);
    if (plan.flat && axis == 2) break;
    plan.smallest_cell = std::min(plan.smallest_cell, lattice.SmallestWidth(axis));
    for (int i = 0; i < lattice.Cells(axis); ++i) {
      plan.largest_cell = std::max(plan.largest_cell, lattice.CellWidth(axis, i));
    }
  }
  plan.cell_count = lattice.CellCount();
  plan.time_step = problem.time_step;
  const device::MaterialResolution coarsest = device::Coarsest(problem.resolution);
  plan.cells_per_wavelength = coarsest.cells;
  plan.coarsest = coarsest.material;
  plan.bytes_per_cell = device::PlainBytesPerCell(options);
  plan.memory = memory;
  for (const device::MediumFit& fit : problem.fits)
    plan.media.push_back(device::MediumFitText(fit));
  plan.modes = WantedModes(problem);
  plan.mode_wavelength = 2 * M_PI / problem.middle_omega;
  plan.placement = device::PlacementText(options);
  plan.runs = RunsOf(options, problem);
  plan.duration = EstimateSteps(comm, options, problem);
  plan.angles = device::AngleText(options, problem);
  if (!fits) return plan;
  const std::optional<device::CoarseTwin> narrow = device::TwinForPorts(options, problem);
  plan.port_modes = SolveModes(comm, narrow ? narrow->problem : problem);
  if (narrow) {
    plan.mode_cells = narrow->factor;
  } else {
    plan.mesh_error = checks::EstimateMeshError(comm, options, problem).Sentence();
  }
  if (!narrow) plan.notes = HiddenModes(comm, options, problem);
  return plan;
}

std::string TimeDomainPlanText(const deck::SimulateOptions& options, const TimeDomainPlan& plan,
                               int ranks) {
  std::string text;
  std::string cells = fmt::format("{} x {}", plan.cells[0], plan.cells[1]);
  if (!plan.flat) cells += fmt::format(" x {}", plan.cells[2]);
  text += fmt::format(
      "  grid           {} = {} cells with PML, {:.4g} to {:.4g} um, {:.1f} per "
      "wavelength in '{}'\n",
      cells, plan.cell_count, plan.smallest_cell, plan.largest_cell, plan.cells_per_wavelength,
      plan.coarsest);
  for (const std::string& axis : plan.placement) {
    text += fmt::format("  placement      {}\n", axis);
  }
  if (!plan.mesh_error.empty()) text += fmt::format("  mesh error     {}\n", plan.mesh_error);
  text += fmt::format("  wavelength     {}\n", run::BandText(options.wavelengths));
  for (const std::string& medium : plan.media) text += fmt::format("  medium         {}\n", medium);
  text += MemoryText(plan, ranks);
  text += fmt::format("  time step      {:.5f} um ({:.4f} fs), stable in every medium\n",
                      plan.time_step, plan.time_step / 0.299792458);
  if (!plan.angles.empty()) text += fmt::format("  angle          {}\n", plan.angles);
  if (plan.modes > 0) text += ModesText(plan);
  text += fmt::format("  runs           {} of {}{} steps{}\n", plan.runs,
                      plan.duration.least ? "at least " : "about ", plan.duration.steps,
                      plan.duration.least ? ", more where light stays long" : "");
  for (const std::string& note : plan.notes) text += fmt::format("  note           {}\n", note);
  return text;
}

}  // namespace symwave::jobs::simulate::time
