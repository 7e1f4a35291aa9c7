#include "jobs/checks/deck_warnings.hpp"

#include "domain/base/log.hpp"
#include "jobs/checks/diffraction_check.hpp"
#include "jobs/checks/far_field_check.hpp"
#include "jobs/checks/metal_wall_check.hpp"
#include "jobs/checks/plasmon_check.hpp"
#include "jobs/checks/port_check.hpp"
#include "jobs/checks/port_judgement.hpp"
#include "jobs/device/beam_sources.hpp"
#include "jobs/device/coarse_twin.hpp"
#include "jobs/device/incidence.hpp"
#include "jobs/device/mirror_check.hpp"
#include "jobs/device/resolution.hpp"
#include "jobs/device/shape_places.hpp"
#include "solvers/fdtd/stability.hpp"
#include "solvers/yee/thin_pml.hpp"

namespace symwave::jobs::checks {

namespace {

void Append(const std::vector<std::string>& more, std::vector<std::string>& warnings) {
  warnings.insert(warnings.end(), more.begin(), more.end());
}

void AppendLayout(const deck::DeviceOptions& options, std::vector<std::string>& warnings) {
  if (options.layout) Append(options.layout->warnings, warnings);
}

void AppendThinPml(const domain::Lattice& lattice, std::vector<std::string>& warnings) {
  const auto thin = solvers::yee::FindThinPml(lattice);
  if (!thin.ends.empty()) warnings.push_back(thin.Sentence());
}

}  // namespace

std::vector<std::string> TimeDomainWarnings(MPI_Comm comm, const deck::SimulateOptions& options,
                                            const device::TimeDomainProblem& problem) {
  const std::optional<device::CoarseTwin> few = device::TwinForScans(options, problem);
  const device::TimeDomainProblem& scanned = few ? few->problem : problem;
  if (problem.mirror_copies > 1) device::RequireMirroredStructure(comm, options, scanned);
  RequireFarFields(comm, options, problem, few ? &few->problem : nullptr);
  RequireDiffraction(options, problem);
  std::vector<std::string> warnings;
  AppendLayout(options, warnings);
  AppendThinPml(problem.lattice, warnings);
  Append(solvers::fdtd::PmlWarnings(comm, scanned.lattice, scanned.media, scanned.engine.pml,
                                    scanned.OmegaBand()),
         warnings);
  Append(device::ShapePlaceWarnings(options, problem.lattice), warnings);
  Append(device::PlaneWaveWarnings(comm, options, problem), warnings);
  Append(device::BeamWarnings(options, problem), warnings);
  const std::optional<device::CoarseTwin> narrow = device::TwinForPorts(options, problem);
  const device::TimeDomainProblem& of_ports = narrow ? narrow->problem : problem;
  Append(device::MirrorWarnings(comm, narrow ? narrow->options : options, of_ports), warnings);
  Append(device::ResolutionWarnings(problem.resolution), warnings);
  Append(MetalWallWarnings(options, problem.lattice), warnings);
  Append(device::MediaFitWarnings(options, problem.fits), warnings);
  Append(PlasmonWarnings(options, problem.resolution), warnings);
  Append(GuideWarnings(comm, of_ports), warnings);
  Append(PortWarnings(comm, options, of_ports), warnings);
  return warnings;
}

std::vector<std::string> FrequencyDomainWarnings(MPI_Comm comm, const deck::DeviceOptions& options,
                                                 const device::Device& device) {
  std::vector<std::string> warnings;
  AppendLayout(options, warnings);
  Append(device::ResolutionWarnings(device.resolution), warnings);
  Append(MetalOutlineWarnings(options, *device.lattice), warnings);
  Append(PlasmonWarnings(options, device.resolution), warnings);
  Append(device::ShapePlaceWarnings(options, *device.lattice), warnings);
  AppendThinPml(*device.lattice, warnings);
  Append(GuideWarnings(comm, options, device), warnings);
  Append(PortWarnings(comm, options, device), warnings);
  return warnings;
}

std::vector<std::string> FrequencySourceWarnings(MPI_Comm comm,
                                                 const deck::SimulateOptions& options,
                                                 const device::TimeDomainProblem& problem) {
  const std::optional<device::CoarseTwin> few = device::TwinForScans(options, problem);
  if (problem.mirror_copies > 1) {
    device::RequireMirroredStructure(comm, options, few ? few->problem : problem);
  }
  RequireFarFields(comm, options, problem, few ? &few->problem : nullptr);
  RequireDiffraction(options, problem);
  std::vector<std::string> warnings;
  AppendLayout(options, warnings);
  AppendThinPml(problem.lattice, warnings);
  Append(device::ShapePlaceWarnings(options, problem.lattice), warnings);
  Append(device::PlaneWaveWarnings(comm, options, problem), warnings);
  Append(device::BeamWarnings(options, problem), warnings);
  Append(device::ResolutionWarnings(problem.resolution), warnings);
  Append(MetalOutlineWarnings(options, problem.lattice), warnings);
  Append(PlasmonWarnings(options, problem.resolution), warnings);
  return warnings;
}

void GiveWarnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    if (!warning.empty()) base::Warn("{}", warning);
  }
}

}  // namespace symwave::jobs::checks
