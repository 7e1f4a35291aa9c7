#include "domain/base/shared_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <random>

#include "domain/base/error.hpp"
#include "domain/base/memory.hpp"

namespace symwave::base {

namespace {

constexpr size_t kLine = 64;

/// What a rank tells the others of its piece: memory without a name, which ends with the processes
/// that hold it, however they end. The token also stands at its start, so that nobody takes the
/// memory of another job for it.
struct Label {
  std::int64_t process = 0;
  std::int64_t descriptor = -1;
  std::uint64_t token = 0;
  std::uint64_t bytes = 0;
};

bool OnAllRanks(MPI_Comm comm, bool good) {
  int all = good ? 1 : 0;
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, comm));
  return all != 0;
}

/// Whether the node can spare the pieces of all its ranks: memory without a name has no limit of
/// its own, and taking more than there is would end other processes. Collective.
bool Enough(MPI_Comm comm, size_t bytes) {
  double all = static_cast<double>(bytes);
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_DOUBLE, MPI_SUM, comm));
  return OnAllRanks(comm, all < 0.5 * AvailableMemory());
}

void* MapFile(int file, const Label& label) {
  void* start = mmap(nullptr, label.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return start == MAP_FAILED ? nullptr : start;
}

/// Makes the memory with all its pages and maps it; null where that fails.
void* Create(Label& label) {
  label.process = getpid();
  label.descriptor = memfd_create("symwave", MFD_CLOEXEC);
  if (label.descriptor < 0) return nullptr;
  const auto file = static_cast<int>(label.descriptor);
  if (posix_fallocate(file, 0, static_cast<off_t>(label.bytes)) != 0) return nullptr;
  void* start = MapFile(file, label);
  if (start != nullptr) std::memcpy(start, &label.token, sizeof label.token);
  return start;
}

/// Maps the memory of another rank; null where that fails.
void* Open(const Label& label) {
  const std::string path = fmt::format("/proc/{}/fd/{}", label.process, label.descriptor);
  const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status = {};
  const bool whole = fstat(file, &status) == 0 && status.st_size == static_cast<off_t>(label.bytes);
  void* start = whole ? MapFile(file, label) : nullptr;
  close(file);
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
  pieces_.resize(labels.size());
  if (Enough(comm, label.bytes)) pieces_[mine] = {Create(label), label.bytes};
  const bool created = pieces_[mine].start != nullptr;
  Mpi(MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, labels.data(), sizeof(Label), MPI_BYTE,
                    comm));
  bool good = OnAllRanks(comm, created);
  for (size_t rank = 0; good && rank < labels.size(); ++rank) {
    if (static_cast<int>(rank) == mine) continue;
    pieces_[rank] = {Open(labels[rank]), labels[rank].bytes};
    const void* start = pieces_[rank].start;
    good = start != nullptr && std::memcmp(start, &labels[rank].token, sizeof label.token) == 0;
  }
  good = OnAllRanks(comm, good);
  if (label.descriptor >= 0) close(static_cast<int>(label.descriptor));
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
