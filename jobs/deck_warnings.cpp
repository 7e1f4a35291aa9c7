#include "jobs/deck_warnings.hpp"

#include "domain/base/log.hpp"
#include "jobs/beam_sources.hpp"
#include "jobs/diffraction_check.hpp"
#include "jobs/far_field_check.hpp"
#include "jobs/metal_wall_check.hpp"
#include "jobs/mirror_check.hpp"
#include "jobs/plasmon_check.hpp"
#include "jobs/port_check.hpp"
#include "jobs/port_judgement.hpp"
#include "jobs/resolution_check.hpp"
#include "jobs/shape_places.hpp"
#include "jobs/symmetry_warning.hpp"
#include "jobs/time_domain_incidence.hpp"
#include "solvers/fdtd/stability.hpp"
#include "solvers/yee/thin_pml.hpp"

namespace symwave::jobs {

namespace {

void Append(const std::vector<std::string>& more, std::vector<std::string>& warnings) {
  warnings.insert(warnings.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> TimeDomainWarnings(MPI_Comm comm, const DeckOptions& options,
                                            const TimeDomainProblem& problem) {
  if (problem.images > 1) RequireMirroredStructure(comm, options, problem);
  RequireFarFields(comm, options, problem);
  RequireDiffraction(options, problem);
  std::vector<std::string> warnings = options.unused;
  Append(solvers::fdtd::PmlWarnings(comm, problem.lattice, problem.media, problem.engine.pml,
                                    problem.OmegaBand()),
         warnings);
  Append(ShapePlaceWarnings(options, problem.lattice), warnings);
  Append(PlaneWaveWarnings(comm, options, problem), warnings);
  Append(BeamWarnings(options, problem), warnings);
  Append(MirrorWarnings(comm, options, problem), warnings);
  Append(ResolutionWarnings(problem.resolution), warnings);
  Append(MetalWallWarnings(options, problem.lattice), warnings);
  Append(MediaFitWarnings(options, problem.fits), warnings);
  Append(PlasmonWarnings(options, problem.resolution), warnings);
  Append(GuideWarnings(comm, problem), warnings);
  Append(PortWarnings(comm, options, problem), warnings);
  return warnings;
}

std::vector<std::string> FrequencyDomainWarnings(const DeckOptions& options, const Device& device) {
  std::vector<std::string> warnings = options.unused;
  Append(ResolutionWarnings(device.resolution), warnings);
  Append(PlasmonWarnings(options, device.resolution), warnings);
  Append(ShapePlaceWarnings(options, domain::LatticeOf(device.grid)), warnings);
  const auto thin = solvers::yee::FindThinPml(domain::LatticeOf(device.grid));
  if (!thin.ends.empty()) warnings.push_back(thin.Sentence());
  Append(GuideWarnings(options, device), warnings);
  Append(PortWarnings(options, device), warnings);
  Append(CascadeWarnings(options, device.segments), warnings);
  return warnings;
}

void GiveWarnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    if (!warning.empty()) base::Warn("{}", warning);
  }
}

}  // namespace symwave::jobs
