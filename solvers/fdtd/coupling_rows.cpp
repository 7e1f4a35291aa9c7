#include "solvers/fdtd/coupling_rows.hpp"

#include <algorithm>

#include "domain/base/communicator.hpp"
#include "domain/column_range.hpp"

namespace symwave::solvers::fdtd {

using domain::Component;
using domain::IndexBox;
using domain::Lattice;

namespace {

/// Shares of the cells before and behind node `i` in their width; images have the very same.
std::array<double, 2> SharesAt(const Lattice& lattice, int axis, int i) {
  const auto width = [&](int cell) {
    const int n = lattice.Cells(axis);
    return lattice.CellWidth(axis, lattice.Periodic(axis) ? ((cell % n) + n) % n : cell);
  };
  const double before = width(i - 1), behind = width(i);
  return {before / (before + behind), behind / (before + behind)};
}

}  // namespace

template <class Real>
CouplingRows<Real>::CouplingRows(const Lattice& lattice, const domain::MediumMap& media,
                                 const IndexBox& held, bool wraps)
    : held_(held), wraps_(wraps) {
  if (!media.couple) return;
  first_.push_back(0);
  for (int k = held.lo[2]; k < held.hi[2]; ++k) {
    IndexBox plane = held;
    plane.lo[2] = k;
    plane.hi[2] = k + 1;
    const std::vector<domain::NodeCoupling> couplings = media.couple(plane);
    auto next = couplings.begin();
    for (int j = held.lo[1]; j < held.hi[1]; ++j) {
      for (; next != couplings.end() && next->node[1] == j; ++next) {
        const int i = next->node[0];
        const auto x = SharesAt(lattice, 0, i), y = SharesAt(lattice, 1, j);
        const double half = 0.5 * next->inverse_eps;
        nodes_.push_back({i - held.lo[0], static_cast<Real>(half * x[0]),
                          static_cast<Real>(half * x[1]), static_cast<Real>(half * y[0]),
                          static_cast<Real>(half * y[1])});
      }
      first_.push_back(nodes_.size());
    }
  }
  if (nodes_.empty()) first_.clear();
}

template <class Real>
size_t CouplingRows<Real>::First(int j, int k) const {
  if (first_.empty() || j < held_.lo[1] || j >= held_.hi[1]) return nodes_.size();
  return first_[static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1])];
}

template <class Real>
size_t CouplingRows<Real>::Last(int j, int k) const {
  return first_[static_cast<size_t>(k - held_.lo[2]) * held_.Extent(1) + (j - held_.lo[1]) + 1];
}

template <class Real>
const CoupledNode<Real>* CouplingRows<Real>::Find(int i, int j, int k) const {
  for (const auto* node = Begin(j, k); node != End(j, k); ++node) {
    if (node->i == i - held_.lo[0]) return node;
  }
  return nullptr;
}

/// What a current at the point of `e` before or behind a node drives; the node lies `turn` periods
/// further along x than it is numbered.
template <class Real>
void CouplingRows<Real>::AddTargets(Component e, const std::array<int, 3>& node, int turn,
                                    bool before, std::vector<CoupledPoint>& points) const {
  const auto [i, j, k] = node;
  const CoupledNode<Real>* found = Find(i, j, k);
  if (found == nullptr) return;
  const bool from_x = e == Component::Ex;
  const double weight = from_x ? (before ? found->before_x : found->behind_x)
                               : (before ? found->before_y : found->behind_y);
  const Component other = from_x ? Component::Ey : Component::Ex;
  for (const int back : {1, 0}) {
    CoupledPoint target{other, {from_x ? i : i - back, from_x ? j - back : j, k}, weight, -turn};
    if (wraps_ && target.point[0] < held_.lo[0]) {
      target.point[0] += held_.Extent(0);
      ++target.turn;
    }
    if (held_.Contains(target.point[0], target.point[1], k)) points.push_back(target);
  }
}

template <class Real>
std::vector<CoupledPoint> CouplingRows<Real>::PointsDrivenFrom(
    Component e, const std::array<int, 3>& point) const {
  std::vector<CoupledPoint> points;
  if (Empty() || (e != Component::Ex && e != Component::Ey)) return points;
  AddTargets(e, point, 0, false, points);
  std::array<int, 3> next = point;
  const int axis = static_cast<int>(e);
  ++next[axis];
  const bool around = wraps_ && axis == 0 && next[0] == held_.hi[0];
  if (around) next[0] = held_.lo[0];
  AddTargets(e, next, around ? 1 : 0, true, points);
  return points;
}

bool HasCouplings(MPI_Comm comm, const Lattice& lattice, const domain::MediumMap& media) {
  if (!media.couple) return false;
  IndexBox box = lattice.AllPoints();
  const int axis = lattice.TwoDimensional() ? 1 : 2;
  const domain::ColumnRange mine =
      domain::PartitionColumns({box.lo[axis], box.hi[axis]}, base::Communicator::RankIn(comm),
                               base::Communicator::SizeOf(comm));
  // Plane by plane, or as many rows as make up a plane of moderate size.
  constexpr long kPoints = 1 << 22;
  const int step = axis == 1 ? static_cast<int>(std::max(1L, kPoints / box.Extent(0))) : 1;
  int found = 0;
  base::AgreeOnFailure(comm, [&] {
    for (int first = mine.begin; first < mine.end && found == 0; first += step) {
      box.lo[axis] = first;
      box.hi[axis] = std::min(mine.end, first + step);
      found = media.couple(box).empty() ? 0 : 1;
    }
  });
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &found, 1, MPI_INT, MPI_MAX, comm));
  return found != 0;
}

template class CouplingRows<float>;
template class CouplingRows<double>;

}  // namespace symwave::solvers::fdtd
