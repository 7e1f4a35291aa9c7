// The networks of chips that a training job works with: the imperfect hardware and its ideal model.
#pragma once

#include <mpi.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "domain/base/communicator.hpp"
#include "jobs/device/device.hpp"
#include "training/chip/chip.hpp"
#include "training/chip/device_parts.hpp"
#include "training/chip/part_store.hpp"
#include "training/network.hpp"

namespace symwave::jobs::train::chip {

/// How a chip is run in time domain: always in float64, and until the light has left.
solvers::fdtd::TimeDomainOptions ChipRunOptions(const deck::ChipTrainingOptions& options,
                                                const domain::Lattice& lattice);

/// Bytes of a rank while chips, or the parts of a composed one, are solved in time domain, each by
/// as few ranks as have room for it; 0 in frequency domain. Collective.
double PartBytesOfRank(MPI_Comm comm, const deck::ChipTrainingOptions& options,
                       const device::Device& device,
                       const training::chip::Composition& composition);

/// Whether the runs of a port mode answer all wavelengths: chips that are run whole in time domain,
/// of phase shifters in media without dispersion and loss over the deck's wavelengths.
bool SharesRuns(const deck::ChipTrainingOptions& options, const device::Device& device);

/// Blocks are dealt to groups of ranks, as many groups as there are blocks or ranks, whichever is
/// fewer, so that blocks are solved at the same time. All members are collective on the world.
class ChipFactory {
 public:
  /// Of every block.
  using Systems = std::vector<std::shared_ptr<training::chip::Chip>>;
  /// At every wavelength. The index that a command changes is the same at all of them, that of the
  /// first, and the errors are those of one piece of hardware.
  using Chips = std::vector<Systems>;

  /// References must outlive the factory and everything it makes.
  ChipFactory(MPI_Comm world, const deck::ChipTrainingOptions& options,
              const device::Device& device, const training::chip::Composition& composition);

  /// From now on called after each launch into a part of a composed chip of this rank's group.
  void OnSolved(std::function<void()> solved) { solved_ = std::move(solved); }
  /// From now on called after each part of a composed chip of this rank's group that was solved.
  void OnPartSolved(std::function<void(const solvers::DeviceStatistics&)> solved) {
    part_solved_ = std::move(solved);
  }
  /// Parts that are known, the same on all ranks of any number; null but in time domain, where they
  /// take long.
  training::chip::PartStore* SharedParts() const {
    return options_.InTimeDomain() ? parts_.get() : nullptr;
  }
  /// Most launches into parts that the group of the first rank makes for the hardware of all
  /// blocks, with the model or without; 0 where chips are not composed.
  long MostLaunches(bool with_model) const;

  /// One chip per block with its own local errors; null on ranks outside the block's group.
  Chips MakeHardware(const domain::FabricationErrors& errors) const;
  /// The design: one ideal chip for all blocks.
  Chips MakeModel() const;
  /// Draws the heaters' gains and offsets of every block.
  void SetActuators(const Chips& chips, const training::ActuatorErrors& drive) const;

  training::Network MakeNetwork(const Systems& systems) const;
  /// Media of block 0 with `commands` programmed, on every rank; `systems` and `network` at this
  /// wavelength.
  domain::PermittivityMap ProgrammedMedia(double wavelength, const Systems& systems,
                                          const training::Network& network,
                                          const domain::FabricationErrors& errors,
                                          const Eigen::VectorXd& commands) const;
  domain::FabricationErrors BlockErrors(const domain::FabricationErrors& errors, int block) const;
  int Elements() const { return static_cast<int>(device_.elements.size()); }

 private:
  bool Owns(int block) const { return block % groups_ == group_; }
  /// One block at every wavelength.
  Systems MakeBlock(const domain::FabricationErrors& errors) const;
  training::chip::ChipOptions OptionsAt(double wavelength,
                                        const domain::FabricationErrors& errors) const;

  MPI_Comm world_;
  const deck::ChipTrainingOptions& options_;
  const device::Device& device_;
  const training::chip::Composition& composition_;    ///< empty unless chips are composed
  std::shared_ptr<training::chip::PartStore> parts_;  ///< of composed chips
  int launch_groups_ = 1;  ///< of ranks, for launches into a chip or a part
  std::function<void()> solved_;
  std::function<void(const solvers::DeviceStatistics&)> part_solved_;
  int groups_ = 1;
  int group_ = 0;
  base::Communicator comm_;
};

}  // namespace symwave::jobs::train::chip
