// The steps of groups of ranks that work on their own within one run, whose checkpoints hold the
// states of all groups.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>

#include "domain/base/agreement.hpp"
#include "domain/base/group_meeting.hpp"
#include "io/checkpoint_store.hpp"
#include "jobs/run/run_context.hpp"

namespace symwave::jobs::run {

class GroupSteps {
 public:
  /// What a checkpoint holds; all collective on the context's ranks.
  struct State {
    RunContext::Exchange exchange;
    std::function<long()> done;  ///< of `total` `unit`, by all groups
    long total = 0;
    std::string unit;
  };

  /// Collective on context.Comm(), of which every rank is in one `group`. The context and what
  /// `state` refers to must outlive the object.
  GroupSteps(RunContext& context, MPI_Comm group, State state);

  /// Collective on context.Comm(): `work` of every group, which may take any time and is collective
  /// on the group alone, but calls GoesOn after every step and returns when that says no. Comes
  /// back when all groups have done theirs. When the run shall stop it leaves by RunContext::Stop,
  /// after a checkpoint. A UserError that all ranks of a group had is thrown on all ranks.
  void Run(const std::function<void()>& work);

  /// Collective on the group, within Run: comes to the checkpoint when one is due by the clock of
  /// any group, or the run shall stop, and returns whether the group goes on.
  bool GoesOn();

 private:
  void Meet(const base::Failure& failure, bool finished);

  RunContext& context_;
  MPI_Comm group_;
  State state_;
  base::GroupMeeting meeting_;
  io::CheckpointClock clock_;
  long taken_ = 0;
  bool stops_ = false, all_finished_ = false, all_failed_ = false;
};

}  // namespace symwave::jobs::run
