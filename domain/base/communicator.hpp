// Owner of an MPI communicator made by splitting or duplicating another one.
#pragma once

#include <mpi.h>

#include <utility>

#include "domain/base/error.hpp"

namespace symwave::base {

/// Move-only; frees the communicator at the end of its life (which must come before MPI_Finalize).
class Communicator {
 public:
  Communicator() = default;
  /// Takes over `comm`, which the caller got from MPI_Comm_split, MPI_Comm_dup ...
  explicit Communicator(MPI_Comm comm) : comm_(comm) {}
  Communicator(Communicator&& other) noexcept : comm_(std::exchange(other.comm_, MPI_COMM_NULL)) {}
  Communicator& operator=(Communicator&& other) noexcept {
    std::swap(comm_, other.comm_);
    return *this;
  }
  ~Communicator() {
    if (comm_ != MPI_COMM_NULL && MayCommunicate(comm_)) MPI_Comm_free(&comm_);
  }

  /// Collective on `parent`: the ranks of one `color`, ordered by `key`.
  static Communicator Split(MPI_Comm parent, int color, int key = 0) {
    MPI_Comm comm = MPI_COMM_NULL;
    Mpi(MPI_Comm_split(parent, color, key, &comm));
    return Communicator(comm);
  }
  /// Collective on `parent`.
  static Communicator Duplicate(MPI_Comm parent) {
    MPI_Comm comm = MPI_COMM_NULL;
    Mpi(MPI_Comm_dup(parent, &comm));
    return Communicator(comm);
  }

  MPI_Comm Get() const { return comm_; }
  int Rank() const { return RankIn(comm_); }
  int Size() const { return SizeOf(comm_); }

  static int RankIn(MPI_Comm comm) {
    int rank = 0;
    Mpi(MPI_Comm_rank(comm, &rank));
    return rank;
  }
  static int SizeOf(MPI_Comm comm) {
    int size = 0;
    Mpi(MPI_Comm_size(comm, &size));
    return size;
  }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

}  // namespace symwave::base
