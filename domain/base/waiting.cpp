#include "domain/base/waiting.hpp"

#include <chrono>
#include <thread>

#include "domain/base/error.hpp"

namespace symwave::base {

void WaitUntil(const std::function<bool()>& arrived, double bytes) {
  constexpr double kSlowest = 5e8;  // bytes per second
  const double asking = 2e-4 + bytes / kSlowest;
  const double start = MPI_Wtime();
  while (!arrived()) {
    if (MPI_Wtime() - start > asking) std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
}

void WaitAll(std::vector<MPI_Request>& requests) {
  const auto arrived = [&requests] {
    int done = 0;
    Mpi(MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done,
                    MPI_STATUSES_IGNORE));
    return done != 0;
  };
  WaitUntil(arrived);
}

void SumOverRanks(MPI_Comm comm, double* values, int count) {
  int rank = 0;
  Mpi(MPI_Comm_rank(comm, &rank));
  std::vector<MPI_Request> request(1, MPI_REQUEST_NULL);
  Mpi(MPI_Ireduce(rank == 0 ? MPI_IN_PLACE : values, values, count, MPI_DOUBLE, MPI_SUM, 0, comm,
                  request.data()));
  WaitAll(request);
  Mpi(MPI_Ibcast(values, count, MPI_DOUBLE, 0, comm, request.data()));
  WaitAll(request);
}

}  // namespace symwave::base
