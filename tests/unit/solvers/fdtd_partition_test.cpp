// The blocks of the ranks and the time-skewed sweep, each against what they promise.
#include <gtest/gtest.h>

#include <map>

#include "domain/base/error.hpp"
#include "solvers/fdtd/partition.hpp"
#include "solvers/fdtd/sweep.hpp"

namespace {

using namespace symwave;
using namespace symwave::solvers::fdtd;
using domain::Axis;
using domain::AxisEnd;
using domain::IndexBox;
using domain::Lattice;
using domain::Wall;

Lattice Brick(int nx, int ny, int nz, std::array<int, 2> pml_z, Wall wall_y = Wall::Pec) {
  const AxisEnd wall{Wall::Pec, 0};
  return Lattice({Axis::Uniform(1, nx), Axis::Uniform(1, ny), Axis::Uniform(1, nz)},
                 {{{wall, wall},
                   {AxisEnd{wall_y, 0}, AxisEnd{wall_y, 0}},
                   {AxisEnd{Wall::Pec, pml_z[0]}, AxisEnd{Wall::Pec, pml_z[1]}}}});
}

TEST(Partition, OwnedBlocksTileTheLattice) {
  const Lattice lattice = Brick(30, 40, 50, {5, 5}, Wall::Periodic);
  for (const int size : {1, 2, 3, 4, 7, 12, 30}) {
    const Partition partition(lattice, size, {0, 0, 0}, HaloDepth::Even(2));
    const IndexBox all = lattice.AllPoints();
    std::vector<int> owners(static_cast<size_t>(all.Count()), 0);
    for (int rank = 0; rank < size; ++rank) {
      const IndexBox owned = partition.Owned(rank);
      EXPECT_EQ(partition.RankAt(partition.Coordinates(rank)), rank);
      for (int k = owned.lo[2]; k < owned.hi[2]; ++k) {
        for (int j = owned.lo[1]; j < owned.hi[1]; ++j) {
          for (int i = owned.lo[0]; i < owned.hi[0]; ++i) ++owners[all.Offset(i, j, k)];
        }
      }
      // The periodic axis has images on both sides, walls have none.
      const IndexBox held = partition.Held(rank);
      EXPECT_EQ(held.Extent(1), owned.Extent(1) + 4);
      EXPECT_GE(held.lo[2], 0);
      EXPECT_LE(held.hi[2], all.hi[2]);
    }
    EXPECT_TRUE(std::all_of(owners.begin(), owners.end(), [](int n) { return n == 1; })) << size;
  }
}

TEST(Partition, CostlyLayersMakeThinnerBlocks) {
  PointCosts costs;
  costs.pml_z = 1;  // a point in the PML costs twice as much
  const Partition partition(Brick(10, 10, 99, {20, 0}), 2, {1, 1, 2}, HaloDepth::Even(1), costs);
  // 120 units of cost: 20 layers of 2 and 20 of 1 make one half.
  EXPECT_EQ(partition.Owned(0).hi[2], 40);
  EXPECT_NEAR(partition.Imbalance(), 1, 1e-12);
}

TEST(Partition, DispersiveLayersMakeThinnerBlocks) {
  const Lattice lattice = Brick(10, 10, 99, {0, 0});
  domain::MediumMap media;
  media.media = {{"air", 1, 0, {}}, {"metal", 1, 0, {{1, 1, 0}, {1, 2, 0}}}};
  media.sample = [](domain::Component, const IndexBox& box) {
    domain::MediumBlock block;
    block.box = box;
    block.eps.assign(static_cast<size_t>(box.Count()), 1.0);
    block.dispersive.push_back({1, {}});
    for (int k = box.lo[2]; k < box.hi[2]; ++k) {
      block.dispersive[0].share.insert(block.dispersive[0].share.end(),
                                       static_cast<size_t>(box.Extent(0)) * box.Extent(1),
                                       k < 50 ? 1.0 : 0.0);
    }
    return block;
  };
  const PoleProfile poles = SamplePoles(MPI_COMM_SELF, lattice, media);
  EXPECT_NEAR(poles.layers[2].front(), 6, 1e-12);  // two poles in three components
  EXPECT_EQ(poles.layers[2].back(), 0);
  EXPECT_NEAR(poles.layers[0].front(), 3, 0.1);
  PointCosts costs;
  costs.pole = 1.0 / 3;  // a point in the metal costs three times as much
  const Partition partition(lattice, 2, {1, 1, 2}, HaloDepth::Even(1), costs, poles);
  // 200 units of cost, 150 of them in the metal: a half ends after some 33 layers of 3.
  EXPECT_NEAR(partition.Owned(0).hi[2], 33, 2);
  EXPECT_NEAR(partition.Imbalance(), 1, 0.05);
}

TEST(Partition, RefusesMoreRanksThanLayers) {
  const Lattice lattice = Brick(4, 4, 4, {0, 0});
  EXPECT_TRUE(Partition::Possible(lattice, 8, {0, 0, 0}, HaloDepth::Even(2)));
  EXPECT_FALSE(Partition::Possible(lattice, 27, {0, 0, 0}, HaloDepth::Even(2)));
  EXPECT_THROW(Partition(lattice, 27, {0, 0, 0}, HaloDepth::Even(2)), base::UserError);
  EXPECT_THROW(Partition(lattice, 4, {3, 0, 0}, HaloDepth::Even(1)), base::UserError);
}

/// Steps that H and E of every point have seen, with the rule of the leapfrog checked at each
/// update: neighbours must be exactly at the time that the update needs.
class Clock {
 public:
  /// `couplings`: E needs H one point further along x and y.
  explicit Clock(const IndexBox& box, bool couplings = false) : box_(box), couplings_(couplings) {}

  RowVisitor Visitor() {
    return {[this](int stage, int j, int k, int begin, int end) {
              for (int i = begin; i < end; ++i) UpdateH(stage, {i, j, k});
            },
            [this](int stage, int j, int k, int begin, int end) {
              for (int i = begin; i < end; ++i) UpdateE(stage, {i, j, k});
            },
            [] {}};
  }
  int E(int i, int j, int k) { return e_[{i, j, k}]; }

 private:
  using Point = std::array<int, 3>;
  bool Holds(const Point& p) const { return box_.Contains(p[0], p[1], p[2]); }
  void UpdateH(int stage, const Point& p) {
    EXPECT_EQ(h_[p], stage);
    EXPECT_EQ(e_[p], stage);
    for (int d = 0; d < 3; ++d) {
      Point next = p;
      ++next[d];
      if (Holds(next)) {
        EXPECT_EQ(e_[next], stage);
      }
    }
    ++h_[p];
  }
  void UpdateE(int stage, const Point& p) {
    EXPECT_EQ(e_[p], stage);
    EXPECT_EQ(h_[p], stage + 1);
    for (int d = 0; d < 3; ++d) {
      Point before = p;
      --before[d];
      if (Holds(before)) {
        EXPECT_EQ(h_[before], stage + 1);
      }
    }
    if (couplings_) CheckAround(stage, p);
    ++e_[p];
  }
  void CheckAround(int stage, const Point& p) {
    for (const int y : {-1, 0, 1}) {
      for (const int x : {-1, 0, 1}) {
        for (const int z : {-1, 0}) {
          const Point at{p[0] + x, p[1] + y, p[2] + z};
          if (Holds(at)) {
            EXPECT_EQ(h_[at], stage + 1);
          }
        }
      }
    }
  }
  IndexBox box_;
  bool couplings_;
  std::map<Point, int> h_, e_;
};

TEST(Sweep, EveryUpdateFindsItsNeighboursAtTheRightTime) {
  const IndexBox box{{0, 0, 0}, {5, 11, 9}};
  for (const int stages : {1, 2, 4}) {
    for (const int tile : {1, 3, 20}) {
      Clock clock(box);
      Sweep(Wedge(box, {}), stages, tile, 1, clock.Visitor());
      EXPECT_EQ(clock.E(4, 10, 8), stages);
      EXPECT_EQ(clock.E(0, 0, 0), stages);
    }
  }
}

TEST(Sweep, EveryUpdateFindsItsNeighboursAtTheRightTimeWithCouplings) {
  const IndexBox box{{0, 0, 0}, {5, 13, 9}};
  for (const int stages : {1, 2, 4}) {
    for (const int tile : {1, 3, 20}) {
      Clock clock(box, true);
      Sweep(Wedge(box, {}, true), stages, tile, 1, clock.Visitor());
      for (int j = 0; j < 13; ++j) EXPECT_EQ(clock.E(4, j, 8), stages);
    }
  }
}

// Interior first, then the rest: what remains of a halo of `stages` points is the owned box, all of
// it at the last step.
TEST(Sweep, InteriorAndRestMeet) {
  const int stages = 3;
  const IndexBox owned{{3, 3, 3}, {12, 11, 13}};
  const IndexBox held = domain::Grow(owned, stages);
  const std::array<std::array<bool, 2>, 3> open{{{true, true}, {true, true}, {true, true}}};
  Clock clock(held);
  const Wedge inner = Wedge::SweptFirst(owned, open), outer(held, open);
  ASSERT_TRUE(inner.Proper(stages));
  // E withdraws by one point per step on every side, from the first step on.
  EXPECT_EQ(inner.Updates(stages), 7 * 6 * 8 + 5 * 4 * 6 + 3 * 2 * 4);
  Sweep(inner, stages, 4, 1, clock.Visitor());
  for (const Wedge& rest : outer.Without(inner)) Sweep(rest, stages, 4, 1, clock.Visitor());
  for (int k = owned.lo[2]; k < owned.hi[2]; ++k) {
    for (int j = owned.lo[1]; j < owned.hi[1]; ++j) {
      for (int i = owned.lo[0]; i < owned.hi[0]; ++i) EXPECT_EQ(clock.E(i, j, k), stages);
    }
  }
  EXPECT_FALSE(Wedge({{0, 0, 0}, {9, 9, 4}}, open).Proper(stages));
}

TEST(Sweep, InteriorAndRestMeetWithCouplings) {
  const int stages = 2;
  const IndexBox owned{{4, 4, 4}, {15, 14, 13}};
  IndexBox held = owned;
  const auto reach = StepReach(true);
  for (int d = 0; d < 3; ++d) {
    held.lo[d] -= stages * reach[d][0];
    held.hi[d] += stages * reach[d][1];
  }
  const std::array<std::array<bool, 2>, 3> open{{{true, true}, {true, true}, {true, true}}};
  Clock clock(held, true);
  const Wedge inner = Wedge::SweptFirst(owned, open, true), outer(held, open, true);
  ASSERT_TRUE(inner.Proper(stages));
  // E withdraws by one point below and two above, then by two on every side of x and y.
  EXPECT_EQ(inner.Updates(stages), 8 * 7 * 7 + 4 * 3 * 5);
  Sweep(inner, stages, 4, 1, clock.Visitor());
  for (const Wedge& rest : outer.Without(inner)) Sweep(rest, stages, 4, 1, clock.Visitor());
  for (int k = owned.lo[2]; k < owned.hi[2]; ++k) {
    for (int j = owned.lo[1]; j < owned.hi[1]; ++j) {
      for (int i = owned.lo[0]; i < owned.hi[0]; ++i) EXPECT_EQ(clock.E(i, j, k), stages);
    }
  }
}

}  // namespace
