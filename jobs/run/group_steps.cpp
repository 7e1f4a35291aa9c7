#include "jobs/run/group_steps.hpp"

#include <utility>

#include "domain/base/error.hpp"

namespace symwave::jobs::run {

GroupSteps::GroupSteps(RunContext& context, MPI_Comm group, State state)
    : context_(context),
      group_(group),
      state_(std::move(state)),
      meeting_(context.Comm(), group),
      clock_(group, context.CheckpointInterval()) {}

bool GroupSteps::GoesOn() {
  context_.TellObservers({group_, ++taken_, 0, state_.unit});
  const bool stops = context_.ShallStop(group_);
  const bool due = clock_.Due();
  if (meeting_.Called(stops || due)) Meet({}, false);
  return !stops_;
}

void GroupSteps::Run(const std::function<void()>& work) {
  base::Failure failure;
  try {
    work();
  } catch (...) {
    // What all ranks have agreed on passes, and so does what not even the group knows.
    if (all_failed_ || !base::FailureAgreedOn(group_)) throw;
    failure = base::CurrentFailure();
    meeting_.Called(true);
  }
  while (!stops_ && !all_finished_) Meet(failure, true);
  if (stops_) context_.Stop();
}

/// Collective on the context's ranks. The group's clock starts anew after that of the run, by which
/// a checkpoint is then always due when a group has called for it.
void GroupSteps::Meet(const base::Failure& failure, bool finished) {
  meeting_.Come();
  all_failed_ = true;
  base::ThrowIfAnyFailed(context_.Comm(), failure);
  const long done = state_.done();
  stops_ = !context_.GoesOnBetweenSteps(state_.exchange, done, state_.total, state_.unit);
  int all = finished ? 1 : 0;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, context_.Comm()));
  all_failed_ = false;
  all_finished_ = all != 0;
  clock_.Restart();
}

}  // namespace symwave::jobs::run
