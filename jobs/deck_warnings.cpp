#include "jobs/deck_warnings.hpp"

#include "domain/base/log.hpp"
#include "domain/lattice.hpp"
#include "jobs/resolution_check.hpp"
#include "jobs/time_domain_incidence.hpp"
#include "solvers/fdtd/stability.hpp"

namespace symwave::jobs {

std::vector<std::string> TimeDomainWarnings(MPI_Comm comm, const DeckOptions& options,
                                            const TimeDomainProblem& problem) {
  std::vector<std::string> warnings = solvers::fdtd::PmlWarnings(
      comm, problem.lattice, problem.media, problem.engine.pml, problem.OmegaBand());
  const auto of_waves = PlaneWaveWarnings(comm, options, problem);
  warnings.insert(warnings.end(), of_waves.begin(), of_waves.end());
  const auto of_cells =
      ResolutionWarnings(ResolutionOf(options, problem.lattice, LayersOf(options)));
  warnings.insert(warnings.end(), of_cells.begin(), of_cells.end());
  return warnings;
}

std::vector<std::string> FrequencyDomainWarnings(const DeckOptions& options, const Device& device) {
  return ResolutionWarnings(
      ResolutionOf(options, domain::LatticeOf(device.grid), {LayerOf(device)}));
}

void GiveWarnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) base::Warn("{}", warning);
}

}  // namespace symwave::jobs
