#include "training/command_share.hpp"

#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::training {

using base::Communicator;
using base::Mpi;

Eigen::Index CommandShare::Place(Eigen::Index number) const {
  const Eigen::Index within = number % part_size - first;
  return within < 0 || within >= count ? -1 : number / part_size * count + within;
}

CommandShare ShareOf(const Objective& objective) {
  CommandShare share;
  share.parts = objective.CommandParts();
  share.part_size = objective.AllCommands() / share.parts;
  share.first = objective.FirstCommand();
  share.count = objective.Commands() / share.parts;
  base::Require(share.All() == objective.AllCommands() && share.Size() == objective.Commands() &&
                    share.first + share.count <= share.part_size,
                "the parts of the commands are equal and within bounds");
  // Several groups of ranks may hold the commands: the group of rank 0 writes.
  int lowest = Communicator::RankIn(objective.World());
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &lowest, 1, MPI_INT, MPI_MIN, objective.CommandComm()));
  share.writes = lowest == 0;
  return share;
}

CommandShare WholeShare(MPI_Comm comm, Eigen::Index commands) {
  return {1, commands, 0, commands, Communicator::RankIn(comm) == 0};
}

double NormOver(MPI_Comm comm, const Eigen::VectorXd& vector) {
  if (Communicator::SizeOf(comm) == 1) return vector.norm();
  double sum = vector.squaredNorm();
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm));
  return std::sqrt(sum);
}

}  // namespace symwave::training
