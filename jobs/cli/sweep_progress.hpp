// Which member of a sweep is next, and how far the sweep is, for groups of ranks that do not wait
// for each other.
#pragma once

#include <mpi.h>

#include <chrono>
#include <string>
#include <vector>

#include "domain/base/shared_counters.hpp"
#include "jobs/sweep/members.hpp"

namespace symwave::jobs::cli {

class SweepProgress {
 public:
  /// Collective on `world`, of which every rank is in one `group`. `costs` of all members.
  SweepProgress(MPI_Comm world, MPI_Comm group, const std::vector<double>& costs);

  // Collective on the group.
  /// Place of the next member in the order in which they are dealt; their number or more: none.
  long TakeNext();
  /// No group takes another member.
  void TakeNoMore();
  /// Of a member of this group: a failure at once, else a line now and then on stderr.
  void Ended(const sweep::Member& member, int code, const std::string& failure);

 private:
  enum Counter { kNext, kDone, kFailed, kCost, kCount };
  using Clock = std::chrono::steady_clock;

  std::string Line();

  base::SharedCounters counters_;
  MPI_Comm group_;
  bool leads_;
  std::vector<double> costs_;
  double all_costs_ = 0;
  Clock::time_point start_ = Clock::now(), printed_ = start_;
};

}  // namespace symwave::jobs::cli
