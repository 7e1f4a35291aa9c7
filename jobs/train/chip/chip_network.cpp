#include "jobs/train/chip/chip_network.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/random.hpp"

namespace symwave::jobs::train::chip {

using training::ChipSystem;

solvers::fdtd::TimeDomainOptions ChipRunOptions(const deck::ChipTrainingOptions& options) {
  solvers::fdtd::TimeDomainOptions runs;
  runs.courant = options.solver.time_domain.courant.value_or(deck::kDefaultCourant);
  runs.threads = options.solver.time_domain.threads;
  const deck::StopOptions& stop = options.solver.time_domain.stop;
  if (stop.decay) runs.residual = std::sqrt(*stop.decay);
  if (stop.max_time > 0) {
    const double cell = options.grid.Cell(0);
    runs.max_steps = std::lround(stop.max_time / (runs.courant * cell / std::sqrt(2.0)));
  }
  return runs;
}

ChipFactory::ChipFactory(MPI_Comm world, const deck::ChipTrainingOptions& options,
                         const device::Device& device)
    : world_(world), options_(options), device_(device) {
  const int size = base::Communicator::SizeOf(world);
  const int rank = base::Communicator::RankIn(world);
  groups_ = std::min(options.training.blocks, size);
  group_ = static_cast<int>(static_cast<long>(rank) * groups_ / size);
  comm_ = base::Communicator::Split(world, group_);
}

int ChipFactory::Elements() const {
  return static_cast<int>(device_.segments.size()) * (options_.chip->attenuators ? 2 : 1);
}

domain::FabricationErrors ChipFactory::BlockErrors(const domain::FabricationErrors& errors,
                                                   int block) const {
  domain::FabricationErrors own = errors;
  own.seed = base::MixSeed(errors.seed, 1 + block);
  return own;
}

std::shared_ptr<ChipSystem> ChipFactory::MakeChip(const domain::FabricationErrors& errors) const {
  training::ChipOptions chip;
  chip.device.comm = comm_.Get();
  chip.device.lattice = device_.lattice;
  const double wavelength = options_.wavelengths.front();
  chip.device.media = device::MediaAt(device_, options_, wavelength, errors);
  chip.device.omega = 2 * M_PI / wavelength;
  chip.device.ports = device_.ports;
  chip.device.known = device_.known_modes;
  chip.device.solver = device::SolverOptionsOf(options_);
  chip.inputs = device_.inputs;
  chip.segments = device_.segments;
  chip.strips = device_.strips;
  chip.attenuators = options_.chip->attenuators;
  chip.drive = training::IdealActuatorResponse(Elements());
  chip.condensation = options_.solver.condensation;
  chip.solver = options_.InTimeDomain() ? training::SolverKind::TimeDomain
                                        : training::SolverKind::FrequencyDomain;
  chip.time_domain = ChipRunOptions(options_);
  return std::make_shared<ChipSystem>(chip);
}

ChipFactory::Systems ChipFactory::MakeHardware(const domain::FabricationErrors& errors) const {
  Systems systems(options_.training.blocks);
  base::AgreeOnGroupFailure(world_, comm_.Get(), [&] {
    for (int b = 0; b < options_.training.blocks; ++b) {
      if (Owns(b)) systems[b] = MakeChip(BlockErrors(errors, b));
    }
  });
  return systems;
}

ChipFactory::Systems ChipFactory::MakeModel() const {
  std::shared_ptr<ChipSystem> ideal;
  base::AgreeOnGroupFailure(world_, comm_.Get(), [&] { ideal = MakeChip({}); });
  Systems systems(options_.training.blocks);
  for (int b = 0; b < options_.training.blocks; ++b) {
    if (Owns(b)) systems[b] = ideal;
  }
  return systems;
}

void ChipFactory::SetActuators(const Systems& systems,
                               const training::ActuatorErrors& drive) const {
  const int phases = static_cast<int>(device_.segments.size());
  for (int b = 0; b < options_.training.blocks; ++b) {
    if (!systems[b]) continue;
    systems[b]->SetActuators(training::DrawActuatorResponse(drive, b, phases, Elements()));
  }
}

training::Network ChipFactory::MakeNetwork(const Systems& systems) const {
  return training::Network(world_, std::vector<std::shared_ptr<training::OpticalSystem>>(
                                       systems.begin(), systems.end()));
}

domain::PermittivityMap ChipFactory::ProgrammedMedia(const Systems& systems,
                                                     const training::Network& network,
                                                     const domain::FabricationErrors& errors,
                                                     const Eigen::VectorXd& commands) const {
  std::vector<domain::PointChange> changes;
  if (systems[0]) changes = systems[0]->Changes(network.BlockCommands(commands, 0));
  int count = static_cast<int>(changes.size());
  const int root = network.Shape(0).root;
  base::Mpi(MPI_Bcast(&count, 1, MPI_INT, root, world_));
  changes.resize(count);
  base::Mpi(MPI_Bcast(changes.data(), static_cast<int>(count * sizeof(domain::PointChange)),
                      MPI_BYTE, root, world_));
  return domain::WithChanges(
      device::MediaAt(device_, options_, options_.wavelengths.front(), BlockErrors(errors, 0)),
      std::move(changes));
}

}  // namespace symwave::jobs::train::chip
