#include "solvers/fdtd/halo.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/waiting.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;

namespace {

/// Number of an offset in {-1, 0, 1}^3.
int TagOf(const std::array<int, 3>& offset) {
  return (offset[2] + 1) * 9 + (offset[1] + 1) * 3 + (offset[0] + 1);
}

}  // namespace

template <class Real>
Halo<Real>::Halo(MPI_Comm comm, const Partition& partition, const LocalBlock<Real>& block,
                 bool shared)
    : comm_(comm), rank_(base::Communicator::RankIn(comm)), block_(block) {
  for (int z = -1; z <= 1; ++z) {
    for (int y = -1; y <= 1; ++y) {
      for (int x = -1; x <= 1; ++x) {
        if (x != 0 || y != 0 || z != 0) AddLink(partition, {x, y, z});
      }
    }
  }
  Connect(shared);
}

template <class Real>
void Halo<Real>::AddLink(const Partition& partition, const std::array<int, 3>& offset) {
  const domain::Lattice& lattice = block_.Lattice();
  std::array<int, 3> at = partition.Coordinates(rank_);
  std::array<int, 3> period{0, 0, 0};  // of the neighbour's numbering against ours
  double phase = 0;
  for (int d = 0; d < 3; ++d) {
    at[d] += offset[d];
    const int ranks = partition.Ranks()[d];
    if (at[d] >= 0 && at[d] < ranks) continue;
    if (!lattice.Periodic(d) || lattice.Points(d) == 1) return;
    if (d == 0 && partition.WrapsRows()) return;
    period[d] = offset[d] * lattice.Points(d);
    phase += offset[d] * lattice.BlochPhase(d);
    at[d] -= offset[d] * ranks;
  }
  Link link;
  const int other = partition.RankAt(at);
  link.phase = phase;
  const IndexBox theirs_held = Shift(partition.Held(other), period);
  const IndexBox theirs_owned = Shift(partition.Owned(other), period);
  link.send = Intersect(partition.Owned(rank_), theirs_held);
  link.receive = Intersect(theirs_owned, block_.Held());
  if (link.send.Empty() && link.receive.Empty()) return;
  link.route = {other, TagOf({-offset[0], -offset[1], -offset[2]}), TagOf(offset), Bytes(link.send),
                Bytes(link.receive)};
  links_.push_back(std::move(link));
}

template <class Real>
void Halo<Real>::Connect(bool shared) {
  if (base::Communicator::SizeOf(comm_) == 1 && links_.empty()) return;
  if (shared) {
    const base::Node node(comm_);
    std::vector<Link*> here;
    for (Link& link : links_) {
      if (node.Has(link.route.rank)) here.push_back(&link);
    }
    ConnectThroughMemory(node, here);
  }
  for (Link& link : links_) {
    if (link.channel == nullptr) link.channel = MakeMessageChannel(comm_, link.route);
  }
}

template <class Real>
void Halo<Real>::ConnectThroughMemory(const base::Node& node, const std::vector<Link*>& links) {
  std::vector<std::uint64_t> mine, theirs(links.size());
  std::uint64_t bytes = 0;
  for (const Link* link : links) {
    mine.push_back(bytes);
    bytes += SharedBuffers::BytesFor(link->route.bytes_out);
  }
  memory_ = std::make_unique<base::SharedMemory>(node, bytes);
  if (!memory_->Available()) return;
  std::vector<MPI_Request> requests(2 * links.size(), MPI_REQUEST_NULL);
  for (size_t n = 0; n < links.size(); ++n) {
    const HaloRoute& route = links[n]->route;
    base::Mpi(MPI_Irecv(&theirs[n], 1, MPI_UINT64_T, route.rank, route.tag_receive, comm_,
                        &requests[2 * n]));
    base::Mpi(MPI_Isend(&mine[n], 1, MPI_UINT64_T, route.rank, route.tag_send, comm_,
                        &requests[2 * n + 1]));
  }
  base::WaitAll(requests);
  char* own = memory_->Of(node.RankHere(rank_));
  for (size_t n = 0; n < links.size(); ++n) {
    const HaloRoute& route = links[n]->route;
    char* other = memory_->Of(node.RankHere(route.rank));
    links[n]->channel = MakeSharedChannel(SharedBuffers(own + mine[n], route.bytes_out),
                                          SharedBuffers(other + theirs[n], route.bytes_in));
  }
}

template <class Real>
size_t Halo<Real>::Bytes(const IndexBox& region) const {
  long count = 0;
  if (!region.Empty()) block_.ForEachPiece(0, region, [&count](Real*, long n) { count += n; });
  return static_cast<size_t>(count * block_.Parts()) * sizeof(Real);
}

template <class Real>
void Halo<Real>::Pack(Link& link) {
  Real* to = reinterpret_cast<Real*>(link.channel->Out());
  for (int part = 0; part < block_.Parts(); ++part) {
    block_.ForEachPiece(part, link.send, [&to](Real* values, long count) {
      to = std::copy(values, values + count, to);
    });
  }
}

template <class Real>
void Halo<Real>::TurnByPhase(Link& link) {
  const Real c = static_cast<Real>(std::cos(link.phase));
  const Real s = static_cast<Real>(std::sin(link.phase));
  Real* values = reinterpret_cast<Real*>(link.channel->In());
  const size_t half = link.route.bytes_in / sizeof(Real) / 2;
  for (size_t n = 0; n < half; ++n) {
    const Real re = values[n];
    const Real im = values[half + n];
    values[n] = c * re - s * im;
    values[half + n] = s * re + c * im;
  }
}

template <class Real>
void Halo<Real>::Unpack(Link& link) {
  if (link.phase != 0) TurnByPhase(link);
  const Real* from = reinterpret_cast<const Real*>(link.channel->In());
  for (int part = 0; part < block_.Parts(); ++part) {
    block_.ForEachPiece(part, link.receive, [&from](Real* values, long count) {
      std::copy(from, from + count, values);
      from += count;
    });
  }
  const IndexBox& halo = link.receive;
  for (int k = halo.lo[2]; k < halo.hi[2]; ++k) {
    for (int j = halo.lo[1]; j < halo.hi[1]; ++j) {
      block_.WrapRow(true, j, k);
      block_.WrapRow(false, j, k);
    }
  }
}

template <class Real>
void Halo<Real>::Start() {
  for (Link& link : links_) {
    Pack(link);
    link.channel->Post();
    if (link.route.rank == rank_) continue;
    bytes_sent_ += static_cast<double>(link.route.bytes_out);
    ++messages_;
  }
}

template <class Real>
void Halo<Real>::Poll() {
  for (Link& link : links_) link.channel->Arrived();
}

template <class Real>
void Halo<Real>::Finish() {
  double bytes = 0;
  for (const Link& link : links_) bytes += link.channel->BytesInMessages();
  for (Link& link : links_) {
    base::WaitUntil([&link] { return link.channel->Arrived(); }, bytes);
    Unpack(link);
  }
}

template class Halo<float>;
template class Halo<double>;

}  // namespace symwave::solvers::fdtd
