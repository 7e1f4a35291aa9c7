// Exchange of the held copies of points that other ranks, or periodic images, own.
#pragma once

#include <mpi.h>

#include <memory>
#include <vector>

#include "domain/base/shared_memory.hpp"
#include "solvers/fdtd/halo_channel.hpp"
#include "solvers/fdtd/local_block.hpp"
#include "solvers/fdtd/partition.hpp"

namespace symwave::solvers::fdtd {

/// Refreshes all state (fields, PML memory, polarisations) of the halo from its owners: one channel
/// per neighbour, periodic image and direction, through memory that the ranks of a node share, else
/// by messages. Bloch phases are applied to what crosses a period.
template <class Real>
class Halo {
 public:
  /// Collective. `shared`: through shared memory where there is some.
  Halo(MPI_Comm comm, const Partition& partition, const LocalBlock<Real>& block, bool shared);

  bool Empty() const { return links_.empty(); }
  /// Packs and posts everything; the owned points may be changed afterwards.
  void Start();
  /// Lets messages progress; not needed for correctness.
  void Poll();
  /// Waits and writes the halo.
  void Finish();
  void ClearCounts() {
    bytes_sent_ = 0;
    messages_ = 0;
  }
  double BytesSent() const { return bytes_sent_; }
  long MessagesSent() const { return messages_; }

 private:
  /// One neighbour or image: what is sent there and what comes from there.
  struct Link {
    HaloRoute route;
    domain::IndexBox send;     ///< owned points, own numbering
    domain::IndexBox receive;  ///< halo points, own numbering
    double phase = 0;          ///< Bloch phase of what arrives
    std::unique_ptr<HaloChannel> channel;
  };
  void AddLink(const Partition& partition, const std::array<int, 3>& offset);
  void Connect(bool shared);
  /// Links whose other end is on this node, through memory.
  void ConnectThroughMemory(const base::Node& node, const std::vector<Link*>& links);
  size_t Bytes(const domain::IndexBox& region) const;
  void Pack(Link& link);
  void Unpack(Link& link);
  void TurnByPhase(Link& link);

  MPI_Comm comm_;
  int rank_ = 0;
  const LocalBlock<Real>& block_;
  std::unique_ptr<base::SharedMemory> memory_;
  std::vector<Link> links_;
  double bytes_sent_ = 0;
  long messages_ = 0;
};

}  // namespace symwave::solvers::fdtd
