// The way of halo values between two ranks: messages, or memory that both read.
#pragma once

#include <mpi.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "domain/base/shared_memory.hpp"

namespace symwave::solvers::fdtd {

/// Both ends of a channel post in turn with waiting for the other: Out() is filled and posted, then
/// In() is read once Arrived() has been true, then the next exchange may be filled.
class HaloChannel {
 public:
  virtual ~HaloChannel() = default;
  virtual char* Out() = 0;
  virtual void Post() = 0;
  /// Whether what the other end posted is here; lets messages progress.
  virtual bool Arrived() = 0;
  /// May be changed.
  virtual char* In() = 0;
  /// Bytes that only arrive while they are asked for.
  virtual double BytesInMessages() const = 0;
};

/// Where a message goes and how large it is.
struct HaloRoute {
  int rank = 0;
  int tag_send = 0;
  int tag_receive = 0;
  size_t bytes_out = 0;
  size_t bytes_in = 0;
};

std::unique_ptr<HaloChannel> MakeMessageChannel(MPI_Comm comm, const HaloRoute& route);

/// One end's piece of a channel through shared memory: a count of the exchanges posted, and two
/// buffers that take turns. When an end fills a buffer again, the other one has posted the exchange
/// between and thus read it.
class SharedBuffers {
 public:
  static size_t BytesFor(size_t bytes);  ///< whole cache lines
  /// Of `bytes` each; `memory` holds BytesFor(bytes) and was zero at the start.
  SharedBuffers(char* memory, size_t bytes);

  std::atomic<std::int64_t>& Posted() const { return *posted_; }
  char* Buffer(std::int64_t exchange) const { return first_ + (exchange % 2) * stride_; }

 private:
  std::atomic<std::int64_t>* posted_;
  char* first_;
  std::ptrdiff_t stride_;
};

std::unique_ptr<HaloChannel> MakeSharedChannel(const SharedBuffers& mine,
                                               const SharedBuffers& theirs);

}  // namespace symwave::solvers::fdtd
