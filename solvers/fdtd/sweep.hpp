// Several time steps in one pass over a box of points.
//
// Along y the points are cut into tiles whose borders move down by one point per step; within a
// tile the steps follow each other plane by plane along z, each one plane behind the step before
// it. Every update finds its neighbours at the right time, so that all values are those of single
// steps, bit by bit, while a tile's few planes stay in the cache (time skewing; Wonnacott, Int. J.
// Parallel Prog. 30, 181 (2002)).
//
// Where E needs H one point further along x and y as well (coupling_rows.hpp), E of a row follows
// one row behind H, borders move down by two rows per step, and the high sides withdraw by two
// points.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::solvers::fdtd {

/// Half-open ranges of points in which H and E are updated.
struct StageRange {
  int h_lo = 0, h_hi = 0, e_lo = 0, e_hi = 0;
};

/// Points before and behind a box from which one step takes fields, along each axis.
std::array<std::array<int, 2>, 3> StepReach(bool couplings);

/// The points to be updated in each of several steps.
class Wedge {
 public:
  /// All points of `box` in every step; on `open` sides the fields beyond are not known, and the
  /// range withdraws by StepReach() per step.
  Wedge(const domain::IndexBox& box, const std::array<std::array<bool, 2>, 3>& open,
        bool couplings = false);
  /// The same, withdrawn so far that what it leaves over of a larger wedge can be swept after it:
  /// the fields that the rest needs are not yet overwritten by later steps.
  static Wedge SweptFirst(const domain::IndexBox& box,
                          const std::array<std::array<bool, 2>, 3>& open, bool couplings = false);

  /// Rows by which E follows behind H.
  int Lag() const { return lag_; }

  StageRange At(int axis, int stage) const;
  bool Empty(int stages) const;
  /// Points at which E is updated, summed over the steps.
  double Updates(int stages) const;
  /// False when sides that withdraw meet before the last step; such a wedge leaves no clean rest.
  bool Proper(int stages) const;

  /// The parts of `*this` that `inner`, made by SweptFirst, leaves over, in an order in which they
  /// can be swept after it.
  std::vector<Wedge> Without(const Wedge& inner) const;

 private:
  using Reach = std::array<std::array<int, 2>, 3>;
  Wedge(const domain::IndexBox& box, const std::array<std::array<bool, 2>, 3>& open,
        const Reach& reach, int lag);

  std::array<StageRange, 3> start_;
  std::array<StageRange, 3> slope_;
  int lag_ = 0;
};

/// Called for each row: fields, step of the block, row (j, k), points [begin, end) along x.
struct RowVisitor {
  std::function<void(int stage, int j, int k, int begin, int end)> h;
  std::function<void(int stage, int j, int k, int begin, int end)> e;
  std::function<void()> idle;  ///< now and then, by the calling thread
};

/// Visits the rows of `stages` steps; tiles of `tile` rows along y go to `threads` threads.
void Sweep(const Wedge& wedge, int stages, int tile, int threads, const RowVisitor& visitor);

/// One step in the textbook order: all of H, then all of E.
void SweepUnfused(const Wedge& wedge, const RowVisitor& visitor);

}  // namespace symwave::solvers::fdtd
