#include "domain/base/shared_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <random>

#include "domain/base/error.hpp"

namespace symwave::base {

namespace {

constexpr size_t kLine = 64;

/// What a rank tells the others of its piece; the token also stands at its start, so that nobody
/// takes the memory of another job for it.
struct Label {
  char name[64] = {};
  std::uint64_t token = 0;
  std::uint64_t bytes = 0;
};

bool OnAllRanks(MPI_Comm comm, bool good) {
  int all = good ? 1 : 0;
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, comm));
  return all != 0;
}

/// Maps the shared memory of a name; null where that fails. `create`: makes it, with all its pages.
void* Map(const Label& label, bool create) {
  const int flags = create ? O_CREAT | O_EXCL | O_RDWR : O_RDWR;
  const int file = shm_open(label.name, flags, 0600);
  if (file < 0) return nullptr;
  void* start = MAP_FAILED;
  const auto bytes = static_cast<off_t>(label.bytes);
  if (!create || posix_fallocate(file, 0, bytes) == 0) {
    start = mmap(nullptr, label.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  close(file);
  if (start == MAP_FAILED) {
    if (create) shm_unlink(label.name);
    return nullptr;
  }
  if (create) std::memcpy(start, &label.token, sizeof label.token);
  return start;
}

}  // namespace

Node::Node(MPI_Comm comm) {
  MPI_Comm node = MPI_COMM_NULL;
  Mpi(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  comm_ = Communicator(node);
  std::vector<int> all(static_cast<size_t>(Communicator::SizeOf(comm))), here(all.size());
  std::iota(all.begin(), all.end(), 0);
  MPI_Group group = MPI_GROUP_NULL, group_here = MPI_GROUP_NULL;
  Mpi(MPI_Comm_group(comm, &group));
  Mpi(MPI_Comm_group(node, &group_here));
  Mpi(MPI_Group_translate_ranks(group, static_cast<int>(all.size()), all.data(), group_here,
                                here.data()));
  Mpi(MPI_Group_free(&group));
  Mpi(MPI_Group_free(&group_here));
  for (int& rank : here) rank = rank == MPI_UNDEFINED ? -1 : rank;
  rank_here_ = std::move(here);
}

SharedMemory::SharedMemory(const Node& node, size_t bytes) {
  const MPI_Comm comm = node.Comm();
  const int mine = Communicator::RankIn(comm);
  std::vector<Label> labels(static_cast<size_t>(Communicator::SizeOf(comm)));
  std::random_device random;
  Label& label = labels[mine];
  label.token = (static_cast<std::uint64_t>(random()) << 32) | random();
  label.bytes = bytes + kLine;
  const std::string name = fmt::format("/symwave-{}-{:016x}", getpid(), label.token);
  name.copy(label.name, sizeof label.name - 1);
  pieces_.resize(labels.size());
  pieces_[mine] = {Map(label, true), label.bytes};
  const bool created = pieces_[mine].start != nullptr;
  Mpi(MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, labels.data(), sizeof(Label), MPI_BYTE,
                    comm));
  bool good = OnAllRanks(comm, created);
  for (size_t rank = 0; good && rank < labels.size(); ++rank) {
    if (static_cast<int>(rank) == mine) continue;
    pieces_[rank] = {Map(labels[rank], false), labels[rank].bytes};
    const void* start = pieces_[rank].start;
    good = start != nullptr && std::memcmp(start, &labels[rank].token, sizeof label.token) == 0;
  }
  good = OnAllRanks(comm, good);
  if (created) shm_unlink(label.name);
  if (!good) Release();
}

SharedMemory::~SharedMemory() {
  Release();
}

void SharedMemory::Release() {
  for (const Piece& piece : pieces_) {
    if (piece.start != nullptr) munmap(piece.start, piece.bytes);
  }
  pieces_.clear();
}

char* SharedMemory::Of(int rank_here) const {
  return static_cast<char*>(pieces_[rank_here].start) + kLine;
}

}  // namespace symwave::base
