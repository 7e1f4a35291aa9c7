#include "jobs/simulate/frequency/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "domain/base/communicator.hpp"
#include "domain/base/rank_groups.hpp"
#include "jobs/checks/mesh_error.hpp"
#include "jobs/device/lattice_placement.hpp"
#include "jobs/run/node_memory.hpp"
#include "jobs/run/plan_text.hpp"
#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs::simulate::frequency {

namespace {

using solvers::fdfd::PlanePoints;

/// Few ranks share a factorization where they need not, however large a node is.
constexpr double kRankBytes = 4e9;
/// Of an unknown: its row, with PETSc and with MUMPS, permittivity and stencil; and its value in a
/// right-hand side, solution, residual, and MUMPS' copy.
constexpr double kUnknownBytes = 250, kColumnBytes = 4 * 16;

/// At most this many wavelengths of a plan have their modes solved: a mode is cut off at an end of
/// the band, and the run looks at every wavelength.
constexpr size_t kPlannedWavelengths = 24;

std::vector<double> Spread(const std::vector<double>& wavelengths) {
  if (wavelengths.size() <= kPlannedWavelengths) return wavelengths;
  std::vector<double> spread(kPlannedWavelengths);
  for (size_t i = 0; i < spread.size(); ++i) {
    spread[i] = wavelengths[i * (wavelengths.size() - 1) / (spread.size() - 1)];
  }
  return spread;
}

/// Materials, fits and port modes over the band.
void CheckPorts(MPI_Comm comm, const deck::DeviceOptions& options, const device::Device& device) {
  for (const double wavelength : Spread(options.wavelengths)) {
    const domain::PermittivityMap media =
        device::MediaAt(device, options, wavelength, options.fabrication);
    solvers::fdfd::SolvePorts(comm, PlanePoints(*device.lattice), media, 2 * M_PI / wavelength,
                              device.ports, *device.known_modes);
  }
}

}  // namespace

void RequireColumns(MPI_Comm comm, const deck::DeviceOptions& options,
                    const device::Device& device) {
  solvers::fdfd::Simulation(comm, *device.lattice, device::SolverOptionsOf(options));
}

int PortModes(const device::Device& device) {
  size_t modes = 0;
  for (const domain::PlanePort& port : device.ports) modes += port.modes.size();
  return static_cast<int>(modes);
}

double FactorizationMegabytes(long unknowns, bool ldlt) {
  const double n = static_cast<double>(std::max(unknowns, 2L));
  return 43e-6 * n * std::log2(n) * (ldlt ? 1 : 1.6);
}

double SolveMegabytes(const deck::DeviceOptions& options, const device::Device& device) {
  const long unknowns = PlanePoints(*device.lattice).Unknowns();
  return FactorizationMegabytes(unknowns,
                                options.solver.factorization == deck::Factorization::Ldlt) +
         1e-6 * static_cast<double>(unknowns) * (kUnknownBytes + kColumnBytes * PortModes(device));
}

int RanksPerWavelength(MPI_Comm comm, const deck::DeviceOptions& options,
                       const device::Device& device) {
  const double rank_bytes = std::min(kRankBytes, 0.5 * run::MemoryPerRank(comm));
  return base::RanksFor(1e6 * SolveMegabytes(options, device), rank_bytes,
                        base::Communicator::SizeOf(comm));
}

run::MemoryNeed SolveMemory(const deck::DeviceOptions& options, const device::Device& device,
                            int ranks) {
  run::MemoryNeed need;
  need.shared = 1e6 * SolveMegabytes(options, device);
  need.remedy = "make grid.cell larger or grid.size smaller";
  need.where = options.grid.where;
  need.sharing = ranks;
  return need;
}

std::string DevicePlan(MPI_Comm comm, const deck::DeviceOptions& options,
                       const device::Device& device) {
  CheckPorts(comm, options, device);
  const device::MaterialResolution coarsest = device::Coarsest(device.resolution);
  std::string text = fmt::format(
      "  grid           {} x {} cells of {} um with PML, {:.1f} cells per wavelength "
      "in '{}'\n",
      device.lattice->Cells(0), device.lattice->Cells(1), options.grid.Cell(0), coarsest.cells,
      coarsest.material);
  for (const std::string& axis : device::PlacementText(options)) {
    text += fmt::format("  placement      {}\n", axis);
  }
  text += fmt::format("  mesh error     {}\n",
                      checks::EstimateMeshError(comm, options, device).Sentence());
  return text + fmt::format("  wavelength     {}\n", run::BandText(options.wavelengths));
}

std::string SolveMemoryText(MPI_Comm comm, const deck::DeviceOptions& options,
                            const device::Device& device) {
  const int ranks = base::Communicator::SizeOf(comm);
  const double megabytes = SolveMegabytes(options, device);
  return fmt::format("  memory         about {:.0f} MB in all, {:.0f} MB per rank on {}\n",
                     megabytes, megabytes / ranks, run::RanksText(ranks));
}

}  // namespace symwave::jobs::simulate::frequency
