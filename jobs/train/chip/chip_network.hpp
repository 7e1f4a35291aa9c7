// The networks of chips that a training job works with: the imperfect hardware and its ideal model.
#pragma once

#include <mpi.h>

#include <memory>
#include <vector>

#include "domain/base/communicator.hpp"
#include "jobs/device/device.hpp"
#include "training/chip_system.hpp"
#include "training/network.hpp"

namespace symwave::jobs::train::chip {

/// How a chip is run in time domain: always in float64, and until the light has left.
solvers::fdtd::TimeDomainOptions ChipRunOptions(const deck::ChipTrainingOptions& options);

/// Blocks are dealt to groups of ranks, as many groups as there are blocks or ranks, whichever is
/// fewer, so that blocks are solved at the same time. All members are collective on the world.
class ChipFactory {
 public:
  using Systems = std::vector<std::shared_ptr<training::ChipSystem>>;

  /// References must outlive the factory and everything it makes.
  ChipFactory(MPI_Comm world, const deck::ChipTrainingOptions& options,
              const device::Device& device);

  /// One chip per block with its own local errors; null on ranks outside the block's group.
  Systems MakeHardware(const domain::FabricationErrors& errors) const;
  /// The design: one ideal chip for all blocks.
  Systems MakeModel() const;
  /// Draws the heaters' gains and offsets of every block.
  void SetActuators(const Systems& systems, const training::ActuatorErrors& drive) const;

  training::Network MakeNetwork(const Systems& systems) const;
  /// Media of block 0 with `commands` programmed, on every rank.
  domain::PermittivityMap ProgrammedMedia(const Systems& systems, const training::Network& network,
                                          const domain::FabricationErrors& errors,
                                          const Eigen::VectorXd& commands) const;
  domain::FabricationErrors BlockErrors(const domain::FabricationErrors& errors, int block) const;
  int Elements() const;

 private:
  bool Owns(int block) const { return block % groups_ == group_; }
  std::shared_ptr<training::ChipSystem> MakeChip(const domain::FabricationErrors& errors) const;

  MPI_Comm world_;
  const deck::ChipTrainingOptions& options_;
  const device::Device& device_;
  int groups_ = 1;
  int group_ = 0;
  base::Communicator comm_;
};

}  // namespace symwave::jobs::train::chip
