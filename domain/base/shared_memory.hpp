// Memory that the ranks of one node share.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <vector>

#include "domain/base/communicator.hpp"

namespace symwave::base {

/// The ranks of a communicator that run on the same node as this one.
class Node {
 public:
  /// Collective on `comm`.
  explicit Node(MPI_Comm comm);

  MPI_Comm Comm() const { return comm_.Get(); }
  bool Has(int rank) const { return rank_here_[rank] >= 0; }
  /// Number within Comm() of a rank that the node has.
  int RankHere(int rank) const { return rank_here_[rank]; }

 private:
  Communicator comm_;
  std::vector<int> rank_here_;  ///< -1: on another node
};

/// One piece of zeroed memory per rank, which all ranks of the node read and write. What a rank
/// writes there is seen by another one that has read, with acquire, an atomic that the writer has
/// set, with release, afterwards.
class SharedMemory {
 public:
  /// Collective on the ranks of `node`; `bytes` of this rank. Where the system has too little
  /// shared memory, or keeps the processes apart, all ranks of the node go without.
  SharedMemory(const Node& node, size_t bytes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  bool Available() const { return !pieces_.empty(); }
  /// The piece of a rank, numbered as in Node::Comm(); starts on a cache line.
  char* Of(int rank_here) const;

 private:
  struct Piece {
    void* start = nullptr;
    size_t bytes = 0;
  };
  void Release();
  std::vector<Piece> pieces_;
};

}  // namespace symwave::base
