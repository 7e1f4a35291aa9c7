#include "jobs/run/node_memory.hpp"

#include <fmt/format.h>

#include "domain/base/communicator.hpp"
#include "domain/base/memory.hpp"

namespace symwave::jobs::run {

namespace {

/// The least share of a rank in `bytes` of its node.
double LeastShare(MPI_Comm comm, double bytes) {
  MPI_Comm node = MPI_COMM_NULL;
  base::Mpi(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  const int beside = base::Communicator::SizeOf(node);
  base::Mpi(MPI_Comm_free(&node));
  double share = bytes / beside;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &share, 1, MPI_DOUBLE, MPI_MIN, comm));
  return share;
}

}  // namespace

double AvailablePerRank(MPI_Comm comm) {
  return LeastShare(comm, base::AvailableMemory());
}

double MemoryPerRank(MPI_Comm comm) {
  return LeastShare(comm, base::NodeMemory());
}

std::string MemoryShortage(MPI_Comm comm, const MemoryNeed& need, double share) {
  const double memory = share < 1 ? share * MemoryPerRank(comm) : AvailablePerRank(comm);
  if (need.RankBytes() <= memory) return "";
  return fmt::format(
      "{}: the run needs about {:.1f} GB on each rank, but a node has {:.1f} GB available per "
      "rank; {}, or take more nodes",
      need.where, 1e-9 * need.RankBytes(), 1e-9 * memory, need.remedy);
}

}  // namespace symwave::jobs::run
