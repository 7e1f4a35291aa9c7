#include "domain/base/shared_counters.hpp"

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::base {

SharedCounters::SharedCounters(MPI_Comm comm, int count) : comm_(Communicator::Duplicate(comm)) {
  double* numbers = nullptr;
  const MPI_Aint bytes = comm_.Rank() == 0 ? count * static_cast<MPI_Aint>(sizeof(double)) : 0;
  Mpi(MPI_Win_allocate(bytes, sizeof(double), MPI_INFO_NULL, comm_.Get(), &numbers, &window_));
  if (comm_.Rank() == 0) std::fill_n(numbers, count, 0.0);
  Mpi(MPI_Win_lock_all(0, window_));
  Mpi(MPI_Win_sync(window_));
  Mpi(MPI_Barrier(comm_.Get()));
}

SharedCounters::~SharedCounters() {
  if (!MayCommunicate(comm_.Get())) return;
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

double SharedCounters::Add(int counter, double value) {
  double before = 0;
  Mpi(MPI_Fetch_and_op(&value, &before, MPI_DOUBLE, 0, counter, MPI_SUM, window_));
  Mpi(MPI_Win_flush(0, window_));
  return before;
}

}  // namespace symwave::base
