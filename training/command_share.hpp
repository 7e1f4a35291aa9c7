// Which of all commands a rank holds.
#pragma once

#include <mpi.h>

#include <Eigen/Dense>
#include <cstdint>

#include "training/objective.hpp"

namespace symwave::training {

/// All commands are `parts` parts of `part_size` commands one after another; this rank holds the
/// commands first ... first + count - 1 of each.
struct CommandShare {
  Eigen::Index parts = 1;
  Eigen::Index part_size = 0;
  Eigen::Index first = 0;
  Eigen::Index count = 0;
  /// The writing ranks hold every command once.
  bool writes = true;

  Eigen::Index Size() const { return parts * count; }
  Eigen::Index All() const { return parts * part_size; }
  /// Number among all commands of a command of this rank.
  std::uint64_t Number(Eigen::Index command) const {
    return static_cast<std::uint64_t>(command / count * part_size + first + command % count);
  }
  /// Place on this rank of one among all commands; -1 on another rank.
  Eigen::Index Place(Eigen::Index number) const;
};

/// Collective on World().
CommandShare ShareOf(const Objective& objective);

/// Every rank of `comm` holds all `commands`; rank 0 writes.
CommandShare WholeShare(MPI_Comm comm, Eigen::Index commands);

/// Collective on `comm` (Objective::CommandComm): norm of a vector spread over its ranks.
double NormOver(MPI_Comm comm, const Eigen::VectorXd& vector);

}  // namespace symwave::training
