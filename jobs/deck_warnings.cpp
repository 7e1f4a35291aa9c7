#include "jobs/deck_warnings.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/log.hpp"
#include "jobs/time_domain_incidence.hpp"
#include "solvers/fdtd/stability.hpp"

namespace symwave::jobs {

namespace {

/// Fewest cells per wavelength at which a run gives no warning.
constexpr double kFineEnough = 8;

void AddResolution(double cells_per_wavelength, std::vector<std::string>& warnings) {
  if (cells_per_wavelength >= kFineEnough) return;
  warnings.push_back(
      fmt::format("{:.1f} cells per wavelength in the densest material, fewer than {}: expect "
                  "several percent of error; take a smaller grid.cell",
                  cells_per_wavelength, kFineEnough));
}

double LargestWidth(const domain::Lattice& lattice) {
  double largest = 0;
  for (int axis = 0; axis < (lattice.TwoDimensional() ? 2 : 3); ++axis) {
    for (int i = 0; i < lattice.Cells(axis); ++i) {
      largest = std::max(largest, lattice.CellWidth(axis, i));
    }
  }
  return largest;
}

}  // namespace

double CellsPerWavelength(const TimeDomainProblem& problem) {
  return problem.wavelengths[0] / DensestIndex(problem) / LargestWidth(problem.lattice);
}

double CellsPerWavelength(const DeckOptions& options) {
  const double shortest = *std::min_element(options.wavelengths.begin(), options.wavelengths.end());
  double densest = 1;
  for (const auto& [name, eps] : MaterialTable(options, shortest)) {
    densest = std::max(densest, std::sqrt(eps).real());
  }
  return shortest / densest / options.grid.Cell(0);
}

std::vector<std::string> TimeDomainWarnings(MPI_Comm comm, const DeckOptions& options,
                                            const TimeDomainProblem& problem) {
  std::vector<std::string> warnings = solvers::fdtd::PmlWarnings(
      comm, problem.lattice, problem.media, problem.engine.pml, problem.OmegaBand());
  const auto of_waves = PlaneWaveWarnings(comm, options, problem);
  warnings.insert(warnings.end(), of_waves.begin(), of_waves.end());
  AddResolution(CellsPerWavelength(problem), warnings);
  const auto of_media = MediaFitWarnings(options, problem.fits);
  warnings.insert(warnings.end(), of_media.begin(), of_media.end());
  return warnings;
}

std::vector<std::string> FrequencyDomainWarnings(const DeckOptions& options, const Device& device) {
  (void)device;
  std::vector<std::string> warnings;
  AddResolution(CellsPerWavelength(options), warnings);
  return warnings;
}

void GiveWarnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) base::Warn("{}", warning);
}

}  // namespace symwave::jobs
