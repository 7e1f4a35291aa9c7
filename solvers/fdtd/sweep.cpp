#include "solvers/fdtd/sweep.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <thread>

namespace symwave::solvers::fdtd {

std::array<std::array<int, 2>, 3> StepReach(bool couplings) {
  // H at a point needs E one point behind; E needs H one point before and, coupled, one behind.
  const int behind = couplings ? 2 : 1;
  return {{{1, behind}, {1, behind}, {1, 1}}};
}

Wedge::Wedge(const domain::IndexBox& box, const std::array<std::array<bool, 2>, 3>& open,
             const Reach& reach, int lag)
    : lag_(lag) {
  for (int d = 0; d < 3; ++d) {
    const int lo = open[d][0] ? 1 : 0;
    const int hi = open[d][1] ? 1 : 0;
    start_[d] = {box.lo[d], box.hi[d] - hi, box.lo[d] + lo, box.hi[d] - hi * reach[d][1]};
    const int up = lo * reach[d][0], down = -hi * reach[d][1];
    slope_[d] = {up, down, up, down};
  }
}

Wedge::Wedge(const domain::IndexBox& box, const std::array<std::array<bool, 2>, 3>& open,
             bool couplings)
    : Wedge(box, open, StepReach(couplings), couplings ? 1 : 0) {}

Wedge Wedge::SweptFirst(const domain::IndexBox& box, const std::array<std::array<bool, 2>, 3>& open,
                        bool couplings) {
  Reach reach = StepReach(couplings);
  for (auto& [before, behind] : reach) before = behind;
  return Wedge(box, open, reach, couplings ? 1 : 0);
}

StageRange Wedge::At(int axis, int stage) const {
  const StageRange& a = start_[axis];
  const StageRange& s = slope_[axis];
  return {a.h_lo + stage * s.h_lo, a.h_hi + stage * s.h_hi, a.e_lo + stage * s.e_lo,
          a.e_hi + stage * s.e_hi};
}

bool Wedge::Empty(int stages) const {
  for (int d = 0; d < 3; ++d) {
    bool any = false;
    for (const int stage : {0, stages - 1}) {
      const StageRange r = At(d, stage);
      any = any || r.h_hi > r.h_lo || r.e_hi > r.e_lo;
    }
    if (!any) return true;
  }
  return false;
}

double Wedge::Updates(int stages) const {
  double updates = 0;
  for (int stage = 0; stage < stages; ++stage) {
    double points = 1;
    for (int d = 0; d < 3; ++d) points *= std::max(0, At(d, stage).e_hi - At(d, stage).e_lo);
    updates += points;
  }
  return updates;
}

bool Wedge::Proper(int stages) const {
  for (int d = 0; d < 3; ++d) {
    const StageRange r = At(d, stages - 1);
    if (r.h_hi < r.h_lo || r.e_hi < r.e_lo) return false;
  }
  return true;
}

std::vector<Wedge> Wedge::Without(const Wedge& inner) const {
  std::vector<Wedge> parts;
  // Axis by axis from z to x: what lies before and behind `inner` along the axis, restricted to
  // `inner` along the axes that come later.
  for (int d = 2; d >= 0; --d) {
    Wedge low = *this;
    for (int later = 0; later < d; ++later) {
      low.start_[later] = inner.start_[later];
      low.slope_[later] = inner.slope_[later];
    }
    Wedge high = low;
    low.start_[d].h_hi = inner.start_[d].h_lo;
    low.slope_[d].h_hi = inner.slope_[d].h_lo;
    low.start_[d].e_hi = inner.start_[d].e_lo;
    low.slope_[d].e_hi = inner.slope_[d].e_lo;
    high.start_[d].h_lo = inner.start_[d].h_hi;
    high.slope_[d].h_lo = inner.slope_[d].h_hi;
    high.start_[d].e_lo = inner.start_[d].e_hi;
    high.slope_[d].e_lo = inner.slope_[d].e_hi;
    parts.push_back(low);
    parts.push_back(high);
  }
  return parts;
}

namespace {

/// Smallest and largest index that any step touches along an axis.
std::array<int, 2> Span(const Wedge& wedge, int axis, int stages) {
  std::array<int, 2> span{std::numeric_limits<int>::max(), std::numeric_limits<int>::min()};
  for (int stage = 0; stage < stages; ++stage) {
    const StageRange r = wedge.At(axis, stage);
    span[0] = std::min({span[0], r.h_lo, r.e_lo});
    span[1] = std::max({span[1], r.h_hi, r.e_hi});
  }
  return span;
}

bool Inside(int i, int lo, int hi) {
  return i >= lo && i < hi;
}

/// Rows [begin, end) of plane k in one step: H of a row, then E of the row that has now all H it
/// needs.
void SweepPlane(const Wedge& wedge, int stage, int k, int begin, int end,
                const RowVisitor& visitor) {
  const StageRange x = wedge.At(0, stage);
  const StageRange y = wedge.At(1, stage);
  const StageRange z = wedge.At(2, stage);
  const bool h_plane = Inside(k, z.h_lo, z.h_hi) && x.h_hi > x.h_lo;
  const bool e_plane = Inside(k, z.e_lo, z.e_hi) && x.e_hi > x.e_lo;
  if (!h_plane && !e_plane) return;
  const int lag = wedge.Lag();
  const int first = std::max(begin, std::min(y.h_lo, y.e_lo + lag));
  const int last = std::min(end, std::max(y.h_hi, y.e_hi + lag));
  for (int j = first; j < last; ++j) {
    if (h_plane && Inside(j, y.h_lo, y.h_hi)) visitor.h(stage, j, k, x.h_lo, x.h_hi);
    const int e_row = j - lag;
    if (e_plane && Inside(e_row, y.e_lo, y.e_hi)) visitor.e(stage, e_row, k, x.e_lo, x.e_hi);
  }
}

/// A tile follows the one below it: front p of tile t may run when tile t - 1 has finished it.
class TilePipeline {
 public:
  explicit TilePipeline(int tiles) : finished_(new std::atomic<int>[tiles]) {
    for (int t = 0; t < tiles; ++t) finished_[t].store(std::numeric_limits<int>::min());
  }
  void WaitFor(int tile, int front) const {
    while (finished_[tile].load(std::memory_order_acquire) < front) std::this_thread::yield();
  }
  void Finish(int tile, int front) { finished_[tile].store(front, std::memory_order_release); }

 private:
  std::unique_ptr<std::atomic<int>[]> finished_;
};

}  // namespace

void Sweep(const Wedge& wedge, int stages, int tile, int threads, const RowVisitor& visitor) {
  if (wedge.Empty(stages)) return;
  const auto [y_lo, y_hi] = Span(wedge, 1, stages);
  const auto [z_lo, z_hi] = Span(wedge, 2, stages);
  // The last tile must reach the upper end in the last step as well, where it is moved down.
  const int down = 1 + wedge.Lag();  // rows per step
  const int rows = y_hi + wedge.Lag() - y_lo + down * (stages - 1);
  const int tiles = std::max(1, (rows + tile - 1) / tile);
  TilePipeline pipeline(tiles);
  const auto sweep_tile = [&, y_lo = y_lo, z_lo = z_lo, z_hi = z_hi](int t) {
    const int begin = y_lo + t * tile;
    for (int front = z_lo; front < z_hi + stages - 1; ++front) {
      if (t > 0 && threads > 1) pipeline.WaitFor(t - 1, front);
      for (int stage = 0; stage < stages; ++stage) {
        const int moved = begin - down * stage;
        SweepPlane(wedge, stage, front - stage, moved, moved + tile, visitor);
      }
      pipeline.Finish(t, front);
    }
  };
  if (threads <= 1) {
    for (int t = 0; t < tiles; ++t) {
      sweep_tile(t);
      visitor.idle();
    }
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int t = 0; t < tiles; ++t) sweep_tile(t);
}

void SweepUnfused(const Wedge& wedge, const RowVisitor& visitor) {
  const StageRange x = wedge.At(0, 0);
  const StageRange y = wedge.At(1, 0);
  const StageRange z = wedge.At(2, 0);
  for (int k = z.h_lo; k < z.h_hi; ++k) {
    for (int j = y.h_lo; j < y.h_hi; ++j) visitor.h(0, j, k, x.h_lo, x.h_hi);
  }
  for (int k = z.e_lo; k < z.e_hi; ++k) {
    for (int j = y.e_lo; j < y.e_hi; ++j) visitor.e(0, j, k, x.e_lo, x.e_hi);
  }
}

}  // namespace symwave::solvers::fdtd
