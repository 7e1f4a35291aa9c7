// Blocks of lattice points, one per rank, of about equal cost.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/pole_profile.hpp"

namespace symwave::solvers::fdtd {

/// Cost that the PML of an axis, and a pole in one component, add to a point, relative to a plain
/// one. Constants, measured once (medians over rows of 40 to 600 points, both precisions, on an
/// EPYC with AVX-512) and not anew in every run: where a lattice is cut, and with it the last digit
/// of what is computed, must not depend on a stopwatch. The layers across x take whole vectors at
/// both ends of every row, hence their price.
struct PointCosts {
  double pml_x = 4;
  double pml_y = 0.4;
  double pml_z = 0.5;
  double pole = 0.4;
};

/// Points that a rank holds of its neighbours beyond the low and the high side of each axis.
struct HaloDepth {
  std::array<std::array<int, 2>, 3> points{};

  static HaloDepth Even(int depth) { return {{{{depth, depth}, {depth, depth}, {depth, depth}}}}; }
  int Deeper(int axis) const { return std::max(points[axis][0], points[axis][1]); }
};

/// A Cartesian arrangement of blocks: the points of each axis are cut once, and every rank owns the
/// product of one interval per axis. Rank r = (rz * ny + ry) * nx + rx.
class Partition {
 public:
  /// `ranks` per axis; zeros are chosen: the arrangement of the smallest halo, with y cut before z
  /// before x where equal. No interval is shorter than the halo is deep. UserError when the lattice
  /// cannot be cut into `size` such blocks.
  Partition(const domain::Lattice& lattice, int size, std::array<int, 3> ranks,
            const HaloDepth& halo, const PointCosts& costs = {}, const PoleProfile& poles = {});

  /// Whether the constructor finds an arrangement.
  static bool Possible(const domain::Lattice& lattice, int size, std::array<int, 3> ranks,
                       const HaloDepth& halo);

  const std::array<int, 3>& Ranks() const { return ranks_; }
  std::array<int, 3> Coordinates(int rank) const;
  int RankAt(const std::array<int, 3>& coordinates) const;
  domain::IndexBox Owned(int rank) const;
  /// A periodic x axis that is not cut needs no halo: every row ends where it begins.
  bool WrapsRows() const { return periodic_[0] && ranks_[0] == 1; }
  /// Owned plus the halo towards every neighbour, the periodic images included (of the x axis
  /// unless WrapsRows()).
  domain::IndexBox Held(int rank) const;
  /// Largest over mean cost of the ranks.
  double Imbalance() const { return imbalance_; }

 private:
  domain::IndexBox all_;
  std::array<bool, 3> periodic_;
  std::array<int, 3> ranks_;
  std::array<std::vector<int>, 3> cuts_;  ///< ranks + 1 each
  HaloDepth halo_;
  double imbalance_ = 1;
};

}  // namespace symwave::solvers::fdtd
