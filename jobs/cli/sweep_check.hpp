// What a sweep is before its first member begins: every member checked, and what all of them take.
#pragma once

#include <mpi.h>

#include <optional>
#include <string>
#include <vector>

#include "jobs/plan/deck_plan.hpp"
#include "jobs/run/machine.hpp"
#include "jobs/run/work.hpp"
#include "jobs/sweep/sweep.hpp"

namespace symwave::jobs::cli {

struct SweepCheck {
  /// Of each member: known to the rank that has checked it, none on the others, of members that
  /// were refused and of those that have ended.
  std::vector<std::optional<run::Work>> works;
  /// On every rank: a line for each member that is refused, alike ones together; "" for none.
  std::string refused;
  /// On every rank: the same of what is to be known of members.
  std::string notes;
};

/// Collective: reads and checks the deck of every member as `symwave check` does, whatever the
/// memory of this machine, dealt to the ranks, each of which checks one at a time; with `ended` not
/// of those that have ended in the folder. UserError on every rank, with the place in the sweep
/// file, where members are refused: the sentence of one, or a list; with `keep_going` a warning
/// instead.
SweepCheck CheckSweep(MPI_Comm comm, const sweep::Sweep& sweep, bool keep_going, bool ended);

/// Collective: seconds of each member on a group of `groups` of these ranks, 0 of one without work;
/// by the machine of this user, or where no file has it by common rates, which serve to compare.
std::vector<double> CostsOf(MPI_Comm comm, const SweepCheck& check, int groups);

/// Collective: lines on the time of all members on `groups` of these ranks, "" where no file knows
/// this machine.
std::string SweepTime(MPI_Comm comm, const SweepCheck& check, int groups);

/// Collective: table or JSON of what all members take over a range of nodes, on which one of them
/// is at work at a time.
std::string PlanSweep(MPI_Comm comm, const sweep::Sweep& sweep, const plan::PlanOptions& options);

}  // namespace symwave::jobs::cli
