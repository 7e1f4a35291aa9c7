#include "jobs/checks/mesh_error.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/try_on_all.hpp"
#include "domain/lattice.hpp"
#include "jobs/device/coarse_twin.hpp"
#include "jobs/device/lattice_placement.hpp"
#include "jobs/device/resolution.hpp"
#include "solvers/fdfd/port_mode.hpp"
#include "solvers/fdtd/port_spectra.hpp"

namespace symwave::jobs::checks {

namespace {

constexpr long kMostPoints = 20000;  // of a cross-section of half the cells

/// A port mode of the lattice and the cells that it sees.
struct ModeOnLattice {
  std::string name;
  double n_eff = 1;
  double core_index = 1;  ///< largest in the port's plane
  double cell_along = 0;
  double cell_across = 0;
};

double WidestCell(const domain::Lattice& lattice, const domain::PortPlane& plane, int axis) {
  double widest = 0;
  for (int i = plane.box.lo[axis]; i + 1 < plane.box.hi[axis]; ++i) {
    widest = std::max(widest, lattice.CellWidth(axis, i));
  }
  return widest;
}

std::vector<ModeOnLattice> ModesOf(MPI_Comm comm, const device::TimeDomainProblem& problem) {
  std::vector<solvers::fdtd::SpectrumRequest> requests;
  for (const domain::PlanePort& port : problem.ports) {
    requests.push_back({port, domain::LocatePort(problem.lattice, port), false});
  }
  const auto spectra = solvers::fdtd::SolveSpectra(comm, problem.lattice, problem.media, requests,
                                                   {problem.middle_omega}, {problem.time_step, 1},
                                                   *problem.known_modes);
  std::vector<ModeOnLattice> modes;
  for (size_t p = 0; p < spectra.size(); ++p) {
    const auto& [port, plane, fields] = requests[p];
    const solvers::fdtd::ModeSpectrum& spectrum = spectra[p];
    double across = 0;
    for (const int axis : domain::Across(plane.axis)) {
      if (problem.lattice.TwoDimensional() && axis == 2) continue;
      across = std::max(across, WidestCell(problem.lattice, plane, axis));
    }
    const std::vector<double> eps = solvers::modes::PlanePermittivity(
        comm, problem.lattice, problem.media, spectrum.At(0, 0).plane, problem.middle_omega);
    const double core = std::sqrt(*std::max_element(eps.begin(), eps.end()));
    for (int m = 0; m < spectrum.Modes(); ++m) {
      modes.push_back({domain::ModeName(port.name, port.modes[m]), spectrum.At(m, 0).n_eff.real(),
                       core, problem.lattice.CellWidth(plane.axis, plane.node), across});
    }
  }
  return modes;
}

std::vector<ModeOnLattice> ModesOf(MPI_Comm comm, const deck::DeviceOptions& options,
                                   const device::Device& device) {
  const double wavelength = options.MiddleWavelength();
  const domain::PermittivityMap media =
      device::MediaAt(device, options, wavelength, options.fabrication);
  std::vector<ModeOnLattice> modes;
  for (const auto& mode :
       solvers::fdfd::SolvePorts(comm, solvers::fdfd::PlanePoints(*device.lattice), media,
                                 2 * M_PI / wavelength, device.ports, *device.known_modes)) {
    modes.push_back(
        {mode.name, mode.mode.n_eff.real(), mode.mode.core_index, mode.layer, mode.layer});
  }
  return modes;
}

bool Moderate(const device::TimeDomainProblem& problem) {
  return std::all_of(problem.ports.begin(), problem.ports.end(), [&](const auto& port) {
    return domain::LocatePort(problem.lattice, port).box.Count() <= kMostPoints;
  });
}

/// Modes of the ports on half the cells; none where they are too many or a mode is missing there.
std::vector<ModeOnLattice> FineModes(MPI_Comm comm, const deck::SimulateOptions& options) {
  std::vector<ModeOnLattice> modes;
  const std::string missing = base::TryOnAll(comm, [&] {
    const device::TimeDomainProblem fine = device::BuildTimeDomain(device::WithCells(options, 0.5));
    if (Moderate(fine)) modes = ModesOf(comm, fine);
  });
  return missing.empty() ? modes : std::vector<ModeOnLattice>{};
}

std::vector<ModeOnLattice> FineModes(MPI_Comm comm, const deck::DeviceOptions& options) {
  std::vector<ModeOnLattice> modes;
  const std::string missing = base::TryOnAll(comm, [&] {
    const deck::DeviceOptions fine = device::WithCells(options, 0.5);
    modes = ModesOf(comm, fine, device::BuildDevice(fine));
  });
  return missing.empty() ? modes : std::vector<ModeOnLattice>{};
}

IndexError ErrorOf(const ModeOnLattice& mode, const std::optional<ModeOnLattice>& fine,
                   double wavelength, double dt) {
  IndexError error{mode.name, mode.n_eff, 0, 0, false, true};
  const double on_lattice = LatticeIndex(std::max(mode.core_index, mode.n_eff), mode.n_eff,
                                         wavelength, mode.cell_along, mode.cell_across, dt);
  error.relative = error.dispersion = on_lattice / mode.n_eff - 1;
  if (!fine) return error;
  // The error is of second order: a quarter remains with half the cells.
  const double difference = 4.0 / 3.0 * (mode.n_eff - fine->n_eff);
  error.relative = difference / (mode.n_eff - difference);
  error.measured = true;
  return error;
}

/// Light along the axis of the widest cells.
IndexError OfMaterial(const device::MaterialResolution& coarsest, double wavelength, double dt) {
  const double n = coarsest.index;
  IndexError error{coarsest.material, n, 0, 0, false, false};
  if (!coarsest.metal) {
    error.relative = error.dispersion =
        LatticeIndex(n, n, wavelength, coarsest.cell, coarsest.cell, dt) / n - 1;
  }
  return error;
}

MeshError OfModes(const std::vector<ModeOnLattice>& modes, const std::vector<ModeOnLattice>& fine,
                  const device::MaterialResolution& coarsest, double wavelength, double dt) {
  MeshError result;
  result.wavelength = wavelength;
  for (size_t m = 0; m < modes.size(); ++m) {
    std::optional<ModeOnLattice> twin;
    if (fine.size() == modes.size()) twin = fine[m];
    result.indices.push_back(ErrorOf(modes[m], twin, wavelength, dt));
  }
  // Ports say nothing of what stands between them where it is denser: a block between guides of
  // air.
  const auto densest =
      std::max_element(modes.begin(), modes.end(),
                       [](const auto& a, const auto& b) { return a.core_index < b.core_index; });
  if (coarsest.index > 1.02 * densest->core_index) {
    result.indices.push_back(OfMaterial(coarsest, wavelength, dt));
  }
  return result;
}

MeshError WithoutPorts(const device::MaterialResolution& coarsest, double dt) {
  return {coarsest.wavelength, {OfMaterial(coarsest, coarsest.wavelength, dt)}};
}

}  // namespace

double LatticeIndex(double n, double n_eff, double wavelength, double cell_along,
                    double cell_across, double dt) {
  const double w = 2 * M_PI / wavelength;
  const double in_time = dt > 0 ? 2 / dt * std::sin(0.5 * w * dt) : w;
  const double k_across = w * std::sqrt(std::max(0.0, n * n - n_eff * n_eff));
  const double across = 2 / cell_across * std::sin(0.5 * k_across * cell_across);
  const double along = std::sqrt(std::max(0.0, n * n * in_time * in_time - across * across));
  return 2 / cell_along * std::asin(std::min(1.0, 0.5 * along * cell_along)) / w;
}

const IndexError& MeshError::Worst() const {
  return *std::max_element(indices.begin(), indices.end(),
                           [](const IndexError& a, const IndexError& b) {
                             return std::abs(a.relative) < std::abs(b.relative);
                           });
}

double MeshError::PhasePerLength(const IndexError& error) const {
  return 2 * M_PI / wavelength * error.index * error.relative / (1 + error.relative);
}

std::string MeshError::Sentence() const {
  const IndexError& worst = Worst();
  const std::string what = worst.of_mode
                               ? fmt::format("n_eff {:.4f} of {}", worst.index, worst.name)
                               : fmt::format("the index {:.4f} of {}", worst.index, worst.name);
  return fmt::format(
      "{} at {:.4f} um is expected to be {:.2g} % too {} by {}, {:.2g} rad per um of way; half the "
      "cells leave a quarter of it",
      what, wavelength, 100 * std::abs(worst.relative), worst.relative < 0 ? "small" : "large",
      worst.measured ? "the mesh (from the modes on half the cells)"
                     : "the lattice's dispersion relation",
      std::abs(PhasePerLength(worst)));
}

nlohmann::ordered_json MeshError::Json() const {
  const IndexError& worst = Worst();
  nlohmann::ordered_json json{
      {"n_eff_relative", worst.relative},
      {"phase_rad_per_um", PhasePerLength(worst)},
      {"dispersion_relative", worst.dispersion},
      {"of", worst.name},
      {"wavelength_um", wavelength},
      {"method", worst.measured ? "modes on half the cells" : "dispersion relation of the lattice"},
      {"sentence", Sentence()}};
  for (const IndexError& error : indices) {
    if (!error.of_mode) continue;
    json["modes"].push_back({{"name", error.name},
                             {"n_eff", error.index},
                             {"n_eff_relative", error.relative},
                             {"phase_rad_per_um", PhasePerLength(error)},
                             {"dispersion_relative", error.dispersion}});
  }
  return json;
}

MeshError EstimateMeshError(MPI_Comm comm, const deck::SimulateOptions& options,
                            const device::TimeDomainProblem& problem) {
  const device::MaterialResolution coarsest = device::Coarsest(problem.resolution);
  if (problem.ports.empty()) return WithoutPorts(coarsest, problem.time_step);
  return OfModes(ModesOf(comm, problem), FineModes(comm, options), coarsest,
                 2 * M_PI / problem.middle_omega, problem.time_step);
}

MeshError EstimateMeshError(MPI_Comm comm, const deck::DeviceOptions& options,
                            const device::Device& device) {
  const device::MaterialResolution coarsest = device::Coarsest(device.resolution);
  if (device.ports.empty()) return WithoutPorts(coarsest, 0);
  return OfModes(ModesOf(comm, options, device), FineModes(comm, options), coarsest,
                 options.MiddleWavelength(), 0);
}

void LogLattice(const deck::DeviceOptions& options, const MeshError& estimate) {
  for (const std::string& sentence : device::PlacementText(options)) base::Info("{}", sentence);
  base::Info("{}", estimate.Sentence());
}

void WriteMeshError(io::Hdf5File& file, const MeshError& estimate) {
  file.WriteText("/meta/mesh_error_estimate", estimate.Json().dump(),
                 {"", "JSON, expected error of effective indices and phases by the mesh"});
}

}  // namespace symwave::jobs::checks
