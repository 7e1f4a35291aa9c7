#include "domain/base/group_meeting.hpp"

#include "domain/base/error.hpp"
#include "domain/base/waiting.hpp"

namespace symwave::base {

namespace {

/// Collective: the flags of all ranks.
std::vector<int> Flags(MPI_Comm comm, bool mine) {
  const int flag = mine ? 1 : 0;
  std::vector<int> flags(static_cast<std::size_t>(Communicator::SizeOf(comm)));
  Mpi(MPI_Allgather(&flag, 1, MPI_INT, flags.data(), 1, MPI_INT, comm));
  return flags;
}

}  // namespace

GroupMeeting::GroupMeeting(MPI_Comm world, MPI_Comm group)
    : world_(Communicator::Duplicate(world)), group_(group) {
  const std::vector<int> leads = Flags(world_.Get(), Leads());
  for (int rank = 0; rank < world_.Size(); ++rank) {
    if (leads[static_cast<std::size_t>(rank)] != 0) leaders_.push_back(rank);
  }
}

bool GroupMeeting::Called(bool calls) {
  int heard = 0;
  if (Leads()) {
    if (calls && !called_) {
      called_ = true;
      for (const int leader : leaders_) {
        if (leader == world_.Rank()) continue;
        MPI_Request request = MPI_REQUEST_NULL;
        Mpi(MPI_Isend(nullptr, 0, MPI_INT, leader, 0, world_.Get(), &request));
        calls_.push_back(request);
      }
    }
    Mpi(MPI_Iprobe(MPI_ANY_SOURCE, 0, world_.Get(), &heard, MPI_STATUS_IGNORE));
    if (called_) heard = 1;
  }
  Mpi(MPI_Bcast(&heard, 1, MPI_INT, 0, group_));
  return heard != 0;
}

void GroupMeeting::Come() {
  // A group without work may wait here for long.
  std::vector<MPI_Request> others(1, MPI_REQUEST_NULL);
  Mpi(MPI_Ibarrier(world_.Get(), others.data()));
  WaitAll(others);
  const std::vector<int> called = Flags(world_.Get(), called_);
  for (const int leader : leaders_) {
    if (!Leads() || leader == world_.Rank() || called[static_cast<std::size_t>(leader)] == 0) {
      continue;
    }
    Mpi(MPI_Recv(nullptr, 0, MPI_INT, leader, 0, world_.Get(), MPI_STATUS_IGNORE));
  }
  WaitAll(calls_);
  calls_.clear();
  called_ = false;
}

}  // namespace symwave::base
