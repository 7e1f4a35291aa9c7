// Ranks in groups, each of which works on items of its own.
#pragma once

#include <mpi.h>

#include <functional>
#include <limits>
#include <vector>

#include "domain/base/communicator.hpp"

namespace symwave::base {

class Packer;

/// Groups of at least `ranks_per_group` neighbouring ranks, as many as there are, of equal sizes up
/// to one rank.
class RankGroups {
 public:
  /// Collective on `world`, which is not owned. At most `most_groups` groups (of the number of
  /// items, say); one group where the world has fewer ranks than asked for.
  RankGroups(MPI_Comm world, int ranks_per_group,
             int most_groups = std::numeric_limits<int>::max());

  MPI_Comm World() const { return world_; }
  MPI_Comm Group() const { return group_.Get(); }
  int Count() const { return count_; }    ///< of the groups
  int Number() const { return number_; }  ///< of this rank's group
  bool LeadsGroup() const { return group_.Rank() == 0; }
  int LeaderOf(int group) const;  ///< its first rank, in World()

  /// Items of a list are dealt one by one.
  int GroupOf(long item) const { return static_cast<int>(item % count_); }
  std::vector<long> Mine(long items) const;

  /// Collective on World(): what the groups have packed for their items, item by item, on all
  /// ranks. `mine`: that of Mine(items) in their order; counts on leaders alone.
  std::vector<std::vector<char>> Collect(long items,
                                         const std::vector<std::vector<char>>& mine) const;

  /// Collective on World(): `work`, which communicates within the group alone, on the ranks of the
  /// group of each item; what it packed, item by item, on all ranks. A UserError that a group
  /// agrees on is thrown on all ranks when all groups are done: that of the first item which has
  /// one.
  std::vector<std::vector<char>> Work(
      long items, const std::function<void(long item, Packer& packer)>& work) const;

 private:
  MPI_Comm world_;
  int ranks_ = 1, count_ = 1, number_ = 0;
  Communicator group_;
};

/// The ranks that share one item of `item_bytes` where each has `rank_bytes` for it.
int RanksFor(double item_bytes, double rank_bytes, int ranks);

}  // namespace symwave::base
