#include "training/network.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"

namespace symwave::training {

using base::Communicator;
using base::Mpi;

void Broadcast(MPI_Comm comm, int root, Eigen::MatrixXcd& matrix) {
  base::Broadcast(comm, matrix.data(), static_cast<size_t>(matrix.size()) * sizeof(*matrix.data()),
                  root);
}

void SumOverRanks(MPI_Comm comm, double* values, int count) {
  const bool first = Communicator::RankIn(comm) == 0;
  Mpi(MPI_Reduce(first ? MPI_IN_PLACE : values, values, count, MPI_DOUBLE, MPI_SUM, 0, comm));
  Mpi(MPI_Bcast(values, count, MPI_DOUBLE, 0, comm));
}

Network::Network(MPI_Comm world, std::vector<std::shared_ptr<OpticalSystem>> blocks)
    : world_(world), systems_(std::move(blocks)), shapes_(systems_.size()) {
  for (int b = 0; b < Blocks(); ++b) {
    ShareShape(b);
    if (b > 0 && Shape(b).inputs != Shape(b - 1).outputs) {
      base::Fail(
          "block {} has {} input ports but block {} has {} output ports; blocks in a row need "
          "the same number",
          b + 1, Shape(b).inputs, b, Shape(b - 1).outputs);
    }
    shapes_[static_cast<std::size_t>(b)].first_command = commands_;
    commands_ += Shape(b).elements;
  }
}

void Network::ShareShape(int block) {
  BlockShape& shape = shapes_[static_cast<std::size_t>(block)];
  OpticalSystem* system = System(block);
  const int rank = Communicator::RankIn(world_);
  const bool leads = system && Communicator::RankIn(system->Comm()) == 0;
  std::array<int, 2> leaders{leads ? 1 : 0, leads ? rank : 0};
  Mpi(MPI_Allreduce(MPI_IN_PLACE, leaders.data(), 2, MPI_INT, MPI_SUM, world_));
  base::Require(leaders[0] == 1, "every block has exactly one group of ranks");
  shape.root = leaders[1];

  std::array<int, 3> sizes{};
  if (leads) sizes = {system->Inputs(), system->Outputs(), system->Elements()};
  Mpi(MPI_Bcast(sizes.data(), 3, MPI_INT, shape.root, world_));
  shape.inputs = sizes[0];
  shape.outputs = sizes[1];
  shape.elements = sizes[2];

  std::vector<int> images(static_cast<std::size_t>(shape.elements));
  std::vector<int> losses(images.size());
  if (leads) {
    images = system->MirrorImages();
    const std::vector<bool> attenuators = system->Attenuators();
    losses.assign(attenuators.begin(), attenuators.end());
  }
  Mpi(MPI_Bcast(images.data(), shape.elements, MPI_INT, shape.root, world_));
  Mpi(MPI_Bcast(losses.data(), shape.elements, MPI_INT, shape.root, world_));
  shape.mirror_images = images;
  shape.attenuators.assign(losses.begin(), losses.end());
}

Eigen::VectorXd Network::BlockCommands(const Eigen::VectorXd& commands, int block) const {
  return commands.segment(Shape(block).first_command, Shape(block).elements);
}

template <class MeasureBlock>
std::vector<PortResponse> Network::MeasureAll(MeasureBlock&& measure) const {
  std::vector<PortResponse> responses(systems_.size());
  // A rank is in one group, whose systems all stand on the same ranks.
  MPI_Comm group = MPI_COMM_SELF;
  for (const auto& system : systems_) group = system ? system->Comm() : group;
  base::AgreeOnGroupFailure(world_, group, [&] {
    for (int b = 0; b < Blocks(); ++b) {
      if (System(b)) responses[static_cast<std::size_t>(b)] = measure(*System(b), b);
    }
  });
  for (int b = 0; b < Blocks(); ++b) {
    PortResponse& response = responses[static_cast<std::size_t>(b)];
    response.data.conservativeResize(Shape(b).outputs, Shape(b).inputs);
    Broadcast(world_, Shape(b).root, response.data);
  }
  return responses;
}

std::vector<PortResponse> Network::Measure(const Eigen::VectorXd& commands, ErrorPass pass) {
  std::vector<PortResponse> responses = MeasureAll([&](OpticalSystem& system, int block) {
    return training::Measure(system, BlockCommands(commands, block), pass);
  });
  for (int b = 0; b < Blocks(); ++b) {
    PortResponse& response = responses[static_cast<std::size_t>(b)];
    response.error.conservativeResize(Shape(b).inputs, Shape(b).outputs);
    Broadcast(world_, Shape(b).root, response.error);
  }
  return responses;
}

std::vector<PortResponse> Network::MeasureData(const Eigen::VectorXd& commands) {
  return MeasureAll([&](OpticalSystem& system, int block) {
    return training::MeasureData(system, BlockCommands(commands, block));
  });
}

Effort Network::Spent() const {
  std::set<OpticalSystem*> systems;
  for (const auto& system : systems_) {
    if (system) systems.insert(system.get());
  }
  std::array<long, 2> sums{};
  for (OpticalSystem* system : systems) {
    if (Communicator::RankIn(system->Comm()) != 0) continue;
    sums[0] += system->Spent().solves;
    sums[1] += system->Spent().factorizations;
  }
  Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2, MPI_LONG, MPI_SUM, world_));
  return {sums[0], sums[1]};
}

}  // namespace symwave::training
