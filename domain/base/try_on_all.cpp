#include "domain/base/try_on_all.hpp"

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::base {

std::string TryOnAll(MPI_Comm comm, const std::function<void()>& work) {
  // Of its own, so that nothing in `work` takes part in the count.
  const Communicator own = Communicator::Duplicate(comm);
  Failure failure;
  try {
    work();
  } catch (const UserError& error) {
    if (FailureAgreedOn(comm)) return error.what();
    failure = {FailureKind::User, error.what()};
    if (!WaitForOthers(own.Get(), true)) throw;
  }
  if (failure.kind == FailureKind::None) WaitForOthers(own.Get(), false);
  int failed = failure.kind == FailureKind::None ? 0 : 1;
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MIN, own.Get()));
  if (failed == 0) ThrowIfAnyFailed(own.Get(), failure);
  return failure.message;
}

}  // namespace symwave::base
