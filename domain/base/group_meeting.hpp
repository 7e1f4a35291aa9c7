// Groups of ranks that work on their own and come together when one of them calls.
#pragma once

#include <mpi.h>

#include <vector>

#include "domain/base/communicator.hpp"

namespace symwave::base {

/// Nobody waits for a meeting that nobody has called: the groups look for calls between two steps
/// of their work, and a group comes as soon as it has seen one.
class GroupMeeting {
 public:
  /// Collective on `world`, of which every rank is in one `group`; neither is owned.
  GroupMeeting(MPI_Comm world, MPI_Comm group);

  /// Collective on the group: whether some group has called, this one with `calls`. Every rank of
  /// the group gives the same `calls`.
  bool Called(bool calls);

  /// Collective on the world: waits for all groups. The calls are answered.
  void Come();

 private:
  bool Leads() const { return Communicator::RankIn(group_) == 0; }

  Communicator world_;  ///< of its own, so that no other message is taken for a call
  MPI_Comm group_;
  std::vector<int> leaders_;  ///< first ranks of the groups
  std::vector<MPI_Request> calls_;
  bool called_ = false;  ///< by this group, since the last meeting
};

}  // namespace symwave::base
