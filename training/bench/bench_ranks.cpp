#include "training/bench/bench_ranks.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::training::bench {

using base::Communicator;

BenchRanks::BenchRanks(MPI_Comm world, int ranks_per_plane) : world_(world) {
  const int ranks = Communicator::SizeOf(world);
  const int rank = Communicator::RankIn(world);
  if (ranks_per_plane < 1 || ranks % ranks_per_plane != 0) {
    base::Fail(
        "compute.ranks_per_plane = {} does not divide the {} ranks of this run; start {} ranks or "
        "change ranks_per_plane",
        ranks_per_plane, ranks,
        std::max(1, ranks / std::max(1, ranks_per_plane)) * std::max(1, ranks_per_plane));
  }
  if (ranks_per_plane > 1) plane_ = Communicator::Split(world, rank / ranks_per_plane, rank);
  across_ = Communicator::Split(world, rank % ranks_per_plane, rank);
}

}  // namespace symwave::training::bench
