// How ranks agree that one of them has failed, and what may be done while a failure that they have
// not agreed on ends a rank.
#pragma once

#include <mpi.h>

#include <memory>
#include <string>

namespace symwave::base {

enum class FailureKind : int { None, User, Memory, Internal, Interrupted };

/// What went wrong on this rank, in a form that can be told to the others.
struct Failure {
  FailureKind kind = FailureKind::None;
  std::string message;
};

/// The failure that is being handled; to be called in a catch block. A folder or file that the
/// system refuses is the user's to mend.
Failure CurrentFailure();

/// What the user is told of it.
std::string SentenceOf(const Failure& failure);

/// Collective on `comm`: throws the failure of the lowest failing rank on all ranks, with its kind
/// kept (UserError, std::bad_alloc, InternalError, Interrupted), or returns on all.
void ThrowIfAnyFailed(MPI_Comm comm, const Failure& failure_of_this_rank);
/// The same for a UserError of that sentence; empty: this rank did not fail.
void ThrowIfAnyFailed(MPI_Comm comm, const std::string& error_of_this_rank);

/// Collective on `comm`: to be a member of what all its ranks throw next at the same place, such as
/// the wish to stop, so that destructors take it for agreed on.
std::shared_ptr<const void> AgreeToThrow(MPI_Comm comm);

/// Whether every rank of `comm` is handling, or unwinding with, one failure that all of them threw
/// at the same place by ThrowIfAnyFailed; always true of a single rank.
bool FailureAgreedOn(MPI_Comm comm);

/// Whether a failure that ranks agreed on is on its way or being handled; any thread may ask.
bool AgreedFailureAlive();

/// For the destructors of what only all ranks of `comm` can end together (files, communicators,
/// matrices, factors). False while a failure of which the others know nothing unwinds this rank:
/// they would never come. The object is then left as it is, for the job will be ended
/// (RunGuarded).
bool MayCommunicate(MPI_Comm comm);

/// How many times MayCommunicate has said no on this rank.
long AbandonedObjects();

/// Collective on `comm`. Runs `work`, which must not communicate, on every rank and throws the
/// failure of any one rank on all of them, so that no rank waits for another one that failed.
template <class Work>
void AgreeOnFailure(MPI_Comm comm, Work&& work) {
  Failure failure;
  try {
    work();
  } catch (...) {
    failure = CurrentFailure();
  }
  ThrowIfAnyFailed(comm, failure);
}

/// Collective on `comm`: waits until all ranks are here. A rank that has failed waits for some
/// seconds alone: false when the others have not come by then.
bool WaitForOthers(MPI_Comm comm, bool failed);

/// Collective on `comm`. As AgreeOnFailure for work that communicates within `group`, which holds
/// this rank and ranks of `comm` that share no other group. What the whole group has agreed on is
/// thrown on all of `comm`, unless the other groups are still busy some seconds later. It then
/// passes, as does any other failure, since ranks of the group may be waiting for this one:
/// RunGuarded ends the job.
template <class Work>
void AgreeOnGroupFailure(MPI_Comm comm, MPI_Comm group, Work&& work) {
  Failure failure;
  try {
    work();
  } catch (...) {
    if (FailureAgreedOn(comm) || !FailureAgreedOn(group)) throw;
    failure = CurrentFailure();
    // Who was interrupted waits for the others, which have been asked to stop, too.
    if (!WaitForOthers(comm, failure.kind != FailureKind::Interrupted)) throw;
  }
  if (failure.kind == FailureKind::None) WaitForOthers(comm, false);
  ThrowIfAnyFailed(comm, failure);
}

}  // namespace symwave::base
