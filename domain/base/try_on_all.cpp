#include "domain/base/try_on_all.hpp"

#include <chrono>
#include <thread>

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::base {

namespace {

constexpr double kPatience = 5.0;  // s that a rank which failed waits for the others

/// The number of ranks that failed, of those of `comm`; -1 on a rank that failed and to which the
/// others do not come. Collective.
int CountFailed(MPI_Comm comm, bool failed) {
  const int mine = failed ? 1 : 0;
  int count = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  Mpi(MPI_Iallreduce(&mine, &count, 1, MPI_INT, MPI_SUM, comm, &request));
  const double start = MPI_Wtime();
  for (;;) {
    int done = 0;
    Mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
    if (done) return count;
    if (failed && MPI_Wtime() - start > kPatience) return -1;
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

}  // namespace

std::string TryOnAll(MPI_Comm comm, const std::function<void()>& work) {
  // Of its own, so that nothing in `work` takes part in the count.
  const Communicator own = Communicator::Duplicate(comm);
  Failure failure;
  try {
    work();
  } catch (const UserError& error) {
    if (FailureAgreedOn(comm)) return error.what();
    failure = {FailureKind::User, error.what()};
    if (CountFailed(own.Get(), true) < 0) throw;
  }
  if (failure.kind == FailureKind::None && CountFailed(own.Get(), false) == 0) return "";
  // All ranks are here; of those that failed, all may have.
  int failed = failure.kind == FailureKind::None ? 0 : 1;
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MIN, own.Get()));
  if (failed == 0) ThrowIfAnyFailed(own.Get(), failure);
  return failure.message;
}

}  // namespace symwave::base
