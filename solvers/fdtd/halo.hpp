// Exchange of the held copies of points that other ranks, or periodic images, own.
#pragma once

#include <mpi.h>

#include <vector>

#include "solvers/fdtd/local_block.hpp"
#include "solvers/fdtd/partition.hpp"

namespace symwave::solvers::fdtd {

/// Refreshes all state (fields, PML memory, polarisations) of the halo, `Partition::Thickness()`
/// points deep, from its owners: one message per neighbour, periodic image and direction. Bloch
/// phases are applied to what crosses a period.
template <class Real>
class Halo {
 public:
  Halo(MPI_Comm comm, const Partition& partition, const LocalBlock<Real>& block);

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
    int rank = 0;
    int tag_send = 0;
    int tag_receive = 0;
    domain::IndexBox send;     ///< owned points, own numbering
    domain::IndexBox receive;  ///< halo points, own numbering
    double phase = 0;          ///< Bloch phase of what arrives
    std::vector<Real> out, in;
  };
  void AddLink(const Partition& partition, const std::array<int, 3>& offset);
  long Count(const domain::IndexBox& region) const;
  void Pack(Link& link);
  void Unpack(Link& link);

  MPI_Comm comm_;
  int rank_ = 0;
  const LocalBlock<Real>& block_;
  std::vector<Link> links_;
  std::vector<MPI_Request> requests_;
  double bytes_sent_ = 0;
  long messages_ = 0;
};

}  // namespace symwave::solvers::fdtd
