// How the ranks of a run share samples and planes.
#pragma once

#include <mpi.h>

#include "domain/base/communicator.hpp"

namespace symwave::training::bench {

/// Groups of `ranks_per_plane` neighbouring ranks: the ranks of a group share every plane, the
/// groups share the samples of a batch.
class BenchRanks {
 public:
  /// Collective on `world`, which is not owned. UserError when `ranks_per_plane` does not divide
  /// the number of ranks.
  BenchRanks(MPI_Comm world, int ranks_per_plane);

  MPI_Comm World() const { return world_; }
  /// The ranks of a group, for BenchSystem; MPI_COMM_SELF when each rank has whole planes.
  MPI_Comm Plane() const { return plane_.Get() == MPI_COMM_NULL ? MPI_COMM_SELF : plane_.Get(); }
  /// The ranks that hold the same pixels, one of each group.
  MPI_Comm Across() const { return across_.Get(); }
  int Groups() const { return across_.Size(); }
  int Group() const { return across_.Rank(); }

 private:
  MPI_Comm world_;
  base::Communicator plane_, across_;
};

}  // namespace symwave::training::bench
