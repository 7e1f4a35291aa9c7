#include "solvers/fdtd/halo.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/waiting.hpp"

namespace symwave::solvers::fdtd {

using domain::IndexBox;

namespace {

template <class Real>
MPI_Datatype TypeOf() {
  return sizeof(Real) == 4 ? MPI_FLOAT : MPI_DOUBLE;
}

/// Number of an offset in {-1, 0, 1}^3.
int TagOf(const std::array<int, 3>& offset) {
  return (offset[2] + 1) * 9 + (offset[1] + 1) * 3 + (offset[0] + 1);
}

}  // namespace

template <class Real>
Halo<Real>::Halo(MPI_Comm comm, const Partition& partition, const LocalBlock<Real>& block)
    : comm_(comm), rank_(base::Communicator::RankIn(comm)), block_(block) {
  for (int z = -1; z <= 1; ++z) {
    for (int y = -1; y <= 1; ++y) {
      for (int x = -1; x <= 1; ++x) {
        if (x != 0 || y != 0 || z != 0) AddLink(partition, {x, y, z});
      }
    }
  }
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
  link.rank = partition.RankAt(at);
  link.phase = phase;
  const IndexBox theirs_held = Shift(partition.Held(link.rank), period);
  const IndexBox theirs_owned = Shift(partition.Owned(link.rank), period);
  link.send = Intersect(partition.Owned(rank_), theirs_held);
  link.receive = Intersect(theirs_owned, block_.Held());
  link.tag_send = TagOf({-offset[0], -offset[1], -offset[2]});
  link.tag_receive = TagOf(offset);
  if (link.send.Empty() && link.receive.Empty()) return;
  link.out.resize(static_cast<size_t>(Count(link.send) * block_.Parts()));
  link.in.resize(static_cast<size_t>(Count(link.receive) * block_.Parts()));
  links_.push_back(std::move(link));
}

template <class Real>
long Halo<Real>::Count(const IndexBox& region) const {
  long count = 0;
  if (!region.Empty()) block_.ForEachPiece(0, region, [&count](Real*, long n) { count += n; });
  return count;
}

template <class Real>
void Halo<Real>::Pack(Link& link) {
  Real* to = link.out.data();
  for (int part = 0; part < block_.Parts(); ++part) {
    block_.ForEachPiece(part, link.send, [&to](Real* values, long count) {
      to = std::copy(values, values + count, to);
    });
  }
}

template <class Real>
void Halo<Real>::Unpack(Link& link) {
  if (link.phase != 0) {
    const Real c = static_cast<Real>(std::cos(link.phase));
    const Real s = static_cast<Real>(std::sin(link.phase));
    const size_t half = link.in.size() / 2;
    for (size_t n = 0; n < half; ++n) {
      const Real re = link.in[n];
      const Real im = link.in[half + n];
      link.in[n] = c * re - s * im;
      link.in[half + n] = s * re + c * im;
    }
  }
  const Real* from = link.in.data();
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
  requests_.clear();
  for (Link& link : links_) {
    MPI_Request request = MPI_REQUEST_NULL;
    base::Mpi(MPI_Irecv(link.in.data(), static_cast<int>(link.in.size()), TypeOf<Real>(), link.rank,
                        link.tag_receive, comm_, &request));
    requests_.push_back(request);
  }
  for (Link& link : links_) {
    Pack(link);
    MPI_Request request = MPI_REQUEST_NULL;
    base::Mpi(MPI_Isend(link.out.data(), static_cast<int>(link.out.size()), TypeOf<Real>(),
                        link.rank, link.tag_send, comm_, &request));
    requests_.push_back(request);
    if (link.rank == rank_) continue;
    bytes_sent_ += static_cast<double>(link.out.size() * sizeof(Real));
    ++messages_;
  }
}

template <class Real>
void Halo<Real>::Poll() {
  int done = 0;
  base::Mpi(MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done,
                        MPI_STATUSES_IGNORE));
}

template <class Real>
void Halo<Real>::Finish() {
  double bytes = 0;
  for (const Link& link : links_) {
    bytes += static_cast<double>((link.in.size() + link.out.size()) * sizeof(Real));
  }
  base::WaitAll(requests_, bytes);
  for (Link& link : links_) Unpack(link);
}

template class Halo<float>;
template class Halo<double>;

}  // namespace symwave::solvers::fdtd
