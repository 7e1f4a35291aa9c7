// Blocks of optics in a row, each on the ranks of its own communicator.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <memory>
#include <vector>

#include "training/optical_system.hpp"
#include "training/port_response.hpp"

namespace symwave::training {

/// What the whole world knows of a block.
struct BlockShape {
  int inputs = 0;
  int outputs = 0;
  int elements = 0;
  int first_command = 0;  ///< place of its commands in the vector of all commands
  int root = 0;           ///< world rank of the first rank of the owning group
  std::vector<int> mirror_images;
  std::vector<bool> attenuators;
};

/// The commands of all blocks stand in one vector, block after block. All members are collective on
/// `world`. The group of a block measures while other groups measure theirs; results go to all.
class Network {
 public:
  /// blocks[b] is set on the ranks of its system's communicator and null elsewhere. The same system
  /// may stand for several blocks: it is then programmed again for each.
  Network(MPI_Comm world, std::vector<std::shared_ptr<OpticalSystem>> blocks);

  MPI_Comm World() const { return world_; }
  int Blocks() const { return static_cast<int>(shapes_.size()); }
  int Commands() const { return commands_; }
  const BlockShape& Shape(int block) const { return shapes_[static_cast<std::size_t>(block)]; }
  /// Null on ranks outside the group of the block.
  OpticalSystem* System(int block) const { return systems_[static_cast<std::size_t>(block)].get(); }
  Eigen::VectorXd BlockCommands(const Eigen::VectorXd& commands, int block) const;

  /// Port responses of all blocks; `data` and `error` on every rank, `overlaps` on their owners.
  std::vector<PortResponse> Measure(const Eigen::VectorXd& commands, ErrorPass pass);
  /// The same without the error pass.
  std::vector<PortResponse> MeasureData(const Eigen::VectorXd& commands);

  /// Sum of the effort of all systems so far.
  Effort Spent() const;

 private:
  template <class MeasureBlock>
  std::vector<PortResponse> MeasureAll(MeasureBlock&& measure) const;
  void ShareShape(int block);

  MPI_Comm world_;
  std::vector<std::shared_ptr<OpticalSystem>> systems_;
  std::vector<BlockShape> shapes_;
  int commands_ = 0;
};

/// Broadcasts a matrix whose size every rank knows.
void Broadcast(MPI_Comm comm, int root, Eigen::MatrixXcd& matrix);

/// Sum over the ranks, the same to the last bit on every one.
void SumOverRanks(MPI_Comm comm, double* values, int count);

}  // namespace symwave::training
