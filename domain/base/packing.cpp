#include "domain/base/packing.hpp"

#include <numeric>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"

namespace symwave::base {

std::vector<std::vector<char>> GatherFromAll(MPI_Comm comm, const std::vector<char>& mine,
                                             std::size_t most) {
  const int ranks = Communicator::SizeOf(comm);
  const unsigned long size = mine.size();
  std::vector<unsigned long> sizes(static_cast<std::size_t>(ranks));
  Mpi(MPI_Allgather(&size, 1, MPI_UNSIGNED_LONG, sizes.data(), 1, MPI_UNSIGNED_LONG, comm));
  std::vector<std::vector<char>> all(sizes.size());
  const std::size_t total = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  if (total > most) {
    for (int r = 0; r < ranks; ++r) {
      std::vector<char>& bytes = all[static_cast<std::size_t>(r)];
      bytes.resize(sizes[static_cast<std::size_t>(r)]);
      if (r == Communicator::RankIn(comm)) bytes = mine;
      Broadcast(comm, bytes.data(), bytes.size(), r, most);
    }
    return all;
  }
  std::vector<int> counts, starts;
  std::size_t start = 0;
  for (const unsigned long count : sizes) {
    counts.push_back(MessageCount(count));
    starts.push_back(MessageCount(start));
    start += count;
  }
  std::vector<char> together(total);
  Mpi(MPI_Allgatherv(mine.data(), MessageCount(mine.size()), MPI_BYTE, together.data(),
                     counts.data(), starts.data(), MPI_BYTE, comm));
  for (std::size_t r = 0; r < all.size(); ++r) {
    all[r].assign(together.begin() + starts[r], together.begin() + starts[r] + counts[r]);
  }
  return all;
}

}  // namespace symwave::base
