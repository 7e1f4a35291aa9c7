#include "solvers/fdtd/halo_channel.hpp"

#include <array>
#include <utility>
#include <vector>

#include "domain/base/count.hpp"
#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

class MessageChannel : public HaloChannel {
 public:
  MessageChannel(MPI_Comm comm, const HaloRoute& route)
      : comm_(comm), route_(route), out_(route.bytes_out), in_(route.bytes_in) {}
  /// What is under way while this rank fails alone still needs its buffers.
  ~MessageChannel() override {
    const bool under_way = requests_[0] != MPI_REQUEST_NULL || requests_[1] != MPI_REQUEST_NULL;
    if (!under_way || base::MayCommunicate(comm_)) return;
    new std::vector<char>(std::move(in_));
    new std::vector<char>(std::move(out_));
  }

  char* Out() override { return out_.data(); }
  char* In() override { return in_.data(); }
  void Post() override {
    base::Mpi(MPI_Irecv(in_.data(), base::MessageCount(in_.size()), MPI_BYTE, route_.rank,
                        route_.tag_receive, comm_, &requests_[0]));
    base::Mpi(MPI_Isend(out_.data(), base::MessageCount(out_.size()), MPI_BYTE, route_.rank,
                        route_.tag_send, comm_, &requests_[1]));
  }
  bool Arrived() override {
    int done = 0;
    base::Mpi(MPI_Testall(2, requests_.data(), &done, MPI_STATUSES_IGNORE));
    return done != 0;
  }
  double BytesInMessages() const override { return static_cast<double>(out_.size() + in_.size()); }

 private:
  MPI_Comm comm_;
  HaloRoute route_;
  std::vector<char> out_, in_;
  std::array<MPI_Request, 2> requests_{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
};

class SharedChannel : public HaloChannel {
 public:
  SharedChannel(const SharedBuffers& mine, const SharedBuffers& theirs)
      : mine_(mine), theirs_(theirs) {}

  char* Out() override { return mine_.Buffer(exchange_); }
  char* In() override { return theirs_.Buffer(exchange_ - 1); }
  void Post() override { mine_.Posted().store(++exchange_, std::memory_order_release); }
  bool Arrived() override { return theirs_.Posted().load(std::memory_order_acquire) >= exchange_; }
  double BytesInMessages() const override { return 0; }

 private:
  SharedBuffers mine_, theirs_;
  std::int64_t exchange_ = 0;  ///< the one to be posted next
};

constexpr size_t kLine = 64;

size_t WholeLines(size_t bytes) {
  return (bytes + kLine - 1) / kLine * kLine;
}

}  // namespace

std::unique_ptr<HaloChannel> MakeMessageChannel(MPI_Comm comm, const HaloRoute& route) {
  return std::make_unique<MessageChannel>(comm, route);
}

size_t SharedBuffers::BytesFor(size_t bytes) {
  return kLine + 2 * WholeLines(bytes);
}

SharedBuffers::SharedBuffers(char* memory, size_t bytes)
    : posted_(reinterpret_cast<std::atomic<std::int64_t>*>(memory)),
      first_(memory + kLine),
      stride_(static_cast<std::ptrdiff_t>(WholeLines(bytes))) {
  static_assert(std::atomic<std::int64_t>::is_always_lock_free, "shared between processes");
}

std::unique_ptr<HaloChannel> MakeSharedChannel(const SharedBuffers& mine,
                                               const SharedBuffers& theirs) {
  return std::make_unique<SharedChannel>(mine, theirs);
}

}  // namespace symwave::solvers::fdtd
