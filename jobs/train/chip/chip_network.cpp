#include "jobs/train/chip/chip_network.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/random.hpp"
#include "domain/base/rank_groups.hpp"
#include "domain/base/stop_signal.hpp"
#include "jobs/run/node_memory.hpp"
#include "jobs/train/chip/composition.hpp"
#include "training/chip/chip_system.hpp"
#include "training/chip/composed_chip.hpp"

namespace symwave::jobs::train::chip {

namespace {

constexpr double kCellBytes = 250;  // in time domain with float64, media and layers

/// Of the largest part.
double PartBytes(const device::Device& device, const training::chip::Composition& composition) {
  return kCellBytes * static_cast<double>(LargestPart(device, composition));
}

/// Of as many whole chips as a rank keeps.
double ChipBytes(const device::Device& device, int chips) {
  return kCellBytes * chips * static_cast<double>(device.lattice->CellCount());
}

/// Whole chips that the ranks of a block keep: its own ones, and the model of the trainers.
int ChipsOf(const deck::ChipTrainingOptions& options, int groups) {
  return (options.training.blocks + groups - 1) / groups + 1;
}

/// Ranks that share a launch.
int RanksOfPart(MPI_Comm comm, double bytes) {
  return base::RanksFor(bytes, 0.5 * run::MemoryPerRank(comm), base::Communicator::SizeOf(comm));
}

double OmegaOf(double wavelength) {
  return 2 * M_PI / wavelength;
}

}  // namespace

bool SharesRuns(const deck::ChipTrainingOptions& options, const device::Device& device) {
  const std::vector<double>& wavelengths = options.wavelengths;
  if (!options.InTimeDomain() || options.solver.compose || wavelengths.size() < 2) return false;
  const auto attenuates = [](const domain::Element& element) { return element.attenuates; };
  if (std::any_of(device.elements.begin(), device.elements.end(), attenuates)) return false;
  const domain::PermittivityTable first = device::MaterialTable(options, wavelengths.front());
  return std::all_of(wavelengths.begin(), wavelengths.end(), [&](double wavelength) {
    const domain::PermittivityTable table = device::MaterialTable(options, wavelength);
    return std::all_of(table.begin(), table.end(), [&](const auto& medium) {
      return medium.second.imag() == 0 && medium.second == first.at(medium.first);
    });
  });
}

double PartBytesOfRank(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                       const device::Device& device,
                       const training::chip::Composition& composition) {
  if (!options.InTimeDomain()) return 0;
  if (options.solver.compose) {
    const double bytes = PartBytes(device, composition);
    return bytes / RanksOfPart(comm, bytes);
  }
  const int ranks = base::Communicator::SizeOf(comm);
  const int groups = std::min(options.training.blocks, ranks);
  const double bytes = ChipBytes(device, ChipsOf(options, groups));
  return bytes / std::min(RanksOfPart(comm, bytes), std::max(1, ranks / groups));
}

solvers::fdtd::TimeDomainOptions ChipRunOptions(const deck::ChipTrainingOptions& options,
                                                const domain::Lattice& lattice) {
  solvers::fdtd::TimeDomainOptions runs;
  runs.courant = options.solver.time_domain.courant.value_or(deck::kDefaultCourant);
  runs.threads = options.solver.time_domain.threads;
  // Runs of three dimensions take minutes: a shorter pulse, whose spectrum is as well known.
  if (!lattice.TwoDimensional()) runs.pulse_periods = 3;
  runs.goes_on = [] { return !base::StopAsked(); };
  const deck::StopOptions& stop = options.solver.time_domain.stop;
  if (stop.decay) runs.residual = std::sqrt(*stop.decay);
  if (stop.max_time > 0) {
    runs.max_steps = std::lround(stop.max_time / (runs.courant * lattice.CourantLimit()));
  }
  return runs;
}

ChipFactory::ChipFactory(MPI_Comm world, const deck::ChipTrainingOptions& options,
                         const device::Device& device,
                         const training::chip::Composition& composition)
    : world_(world), options_(options), device_(device), composition_(composition) {
  const int size = base::Communicator::SizeOf(world);
  const int rank = base::Communicator::RankIn(world);
  // Launches into parts are dealt to all ranks.
  const bool runs = options.solver.compose && options.InTimeDomain();
  groups_ = runs ? 1 : std::min(options.training.blocks, size);
  group_ = static_cast<int>(static_cast<long>(rank) * groups_ / size);
  comm_ = base::Communicator::Split(world, group_);
  if (!options.solver.compose) {
    const int mine = comm_.Size();
    const double bytes = ChipBytes(device, ChipsOf(options, groups_));
    launch_groups_ = mine / std::min(RanksOfPart(world, bytes), mine);
    return;
  }
  parts_ = std::make_shared<training::chip::PartStore>();
  launch_groups_ = size / RanksOfPart(world, PartBytes(device, composition));
}

long ChipFactory::MostLaunches(bool with_model) const {
  if (!options_.solver.compose) return 0;
  const long blocks = (options_.training.blocks + groups_ - 1) / groups_;
  long of_group = 0;
  for (const training::chip::Part& part : composition_.parts) {
    of_group += (static_cast<long>(part.Ports()) + launch_groups_ - 1) / launch_groups_;
  }
  const auto wavelengths = static_cast<long>(options_.wavelengths.size());
  return of_group * (blocks + (with_model ? 1 : 0)) * wavelengths;
}

domain::FabricationErrors ChipFactory::BlockErrors(const domain::FabricationErrors& errors,
                                                   int block) const {
  domain::FabricationErrors own = errors;
  own.seed = base::MixSeed(errors.seed, 1 + block);
  return own;
}

training::chip::ChipOptions ChipFactory::OptionsAt(double wavelength,
                                                   const domain::FabricationErrors& errors) const {
  training::chip::ChipOptions chip;
  chip.device.comm = comm_.Get();
  chip.device.lattice = device_.lattice;
  chip.device.media = device::MediaAt(device_, options_, wavelength, errors);
  chip.device.omega = OmegaOf(wavelength);
  chip.device.ports = device_.ports;
  chip.device.known = device_.known_modes;
  chip.device.solver = device::SolverOptionsOf(options_);
  chip.inputs = device_.inputs;
  chip.elements = device_.elements;
  chip.drive = training::chip::IdealActuatorResponse(Elements());
  chip.condensation = options_.solver.condensation;
  chip.solver = options_.InTimeDomain() ? training::chip::SolverKind::TimeDomain
                                        : training::chip::SolverKind::FrequencyDomain;
  chip.time_domain = ChipRunOptions(options_, *device_.lattice);
  chip.groups = launch_groups_;
  chip.solved = solved_;
  chip.parts = parts_;
  chip.part_solved = part_solved_;
  return chip;
}

ChipFactory::Systems ChipFactory::MakeBlock(const domain::FabricationErrors& errors) const {
  std::shared_ptr<training::chip::SharedRuns> runs;
  if (SharesRuns(options_, device_)) {
    std::vector<double> omegas;
    for (const double wavelength : options_.wavelengths) omegas.push_back(OmegaOf(wavelength));
    solvers::fdtd::TimeDomainOptions time_domain = ChipRunOptions(options_, *device_.lattice);
    time_domain.groups = std::min(launch_groups_, device_.inputs);
    runs = std::make_shared<training::chip::SharedRuns>(omegas, time_domain);
  }
  Systems block;
  for (const double wavelength : options_.wavelengths) {
    training::chip::ChipOptions chip = OptionsAt(wavelength, errors);
    chip.shared_runs = runs;
    if (!block.empty()) chip.index_per_unit = block.front()->IndexPerUnit();
    if (options_.solver.compose) {
      block.push_back(std::make_shared<training::chip::ComposedChip>(chip, composition_));
    } else {
      block.push_back(std::make_shared<training::chip::ChipSystem>(chip));
    }
  }
  return block;
}

ChipFactory::Chips ChipFactory::MakeHardware(const domain::FabricationErrors& errors) const {
  Chips chips(options_.wavelengths.size(), Systems(options_.training.blocks));
  base::AgreeOnGroupFailure(world_, comm_.Get(), [&] {
    for (int b = 0; b < options_.training.blocks; ++b) {
      if (!Owns(b)) continue;
      const Systems block = MakeBlock(BlockErrors(errors, b));
      for (size_t k = 0; k < block.size(); ++k) chips[k][b] = block[k];
    }
  });
  return chips;
}

ChipFactory::Chips ChipFactory::MakeModel() const {
  Systems ideal;
  base::AgreeOnGroupFailure(world_, comm_.Get(), [&] { ideal = MakeBlock({}); });
  Chips chips;
  for (const auto& chip : ideal) {
    Systems& systems = chips.emplace_back(options_.training.blocks);
    for (int b = 0; b < options_.training.blocks; ++b) {
      if (Owns(b)) systems[b] = chip;
    }
  }
  return chips;
}

void ChipFactory::SetActuators(const Chips& chips, const training::ActuatorErrors& drive) const {
  for (const Systems& systems : chips) {
    for (int b = 0; b < options_.training.blocks; ++b) {
      if (!systems[b]) continue;
      systems[b]->SetActuators(training::chip::DrawActuatorResponse(drive, b, device_.elements));
    }
  }
}

training::Network ChipFactory::MakeNetwork(const Systems& systems) const {
  return training::Network(world_, std::vector<std::shared_ptr<training::OpticalSystem>>(
                                       systems.begin(), systems.end()));
}

domain::PermittivityMap ChipFactory::ProgrammedMedia(double wavelength, const Systems& systems,
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
  return domain::WithChanges(device::MediaAt(device_, options_, wavelength, BlockErrors(errors, 0)),
                             std::move(changes));
}

}  // namespace symwave::jobs::train::chip
