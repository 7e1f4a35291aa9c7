#include "domain/base/packing.hpp"

#include <algorithm>
#include <numeric>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"

namespace symwave::base {

std::vector<std::vector<char>> Exchange(MPI_Comm comm,
                                        const std::vector<std::vector<char>>& for_rank,
                                        std::size_t most) {
  const std::size_t ranks = for_rank.size();
  Require(static_cast<int>(ranks) == Communicator::SizeOf(comm), "something for every rank");
  std::vector<unsigned long> sent, sizes(ranks);
  for (const std::vector<char>& bytes : for_rank) sent.push_back(bytes.size());
  Mpi(MPI_Alltoall(sent.data(), 1, MPI_UNSIGNED_LONG, sizes.data(), 1, MPI_UNSIGNED_LONG, comm));
  std::vector<std::vector<char>> from(ranks);
  std::vector<MPI_Request> requests;
  const auto in_pieces = [&](std::size_t size, const auto& start) {
    for (std::size_t begin = 0; begin < size; begin += most) {
      start(begin, MessageCount(std::min(most, size - begin)), &requests.emplace_back());
    }
  };
  for (std::size_t r = 0; r < ranks; ++r) {
    from[r].resize(sizes[r]);
    const int rank = static_cast<int>(r);
    in_pieces(sizes[r], [&](std::size_t begin, int piece, MPI_Request* request) {
      Mpi(MPI_Irecv(from[r].data() + begin, piece, MPI_BYTE, rank, 0, comm, request));
    });
    in_pieces(sent[r], [&](std::size_t begin, int piece, MPI_Request* request) {
      Mpi(MPI_Isend(for_rank[r].data() + begin, piece, MPI_BYTE, rank, 0, comm, request));
    });
  }
  Mpi(MPI_Waitall(MessageCount(requests.size()), requests.data(), MPI_STATUSES_IGNORE));
  return from;
}

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
