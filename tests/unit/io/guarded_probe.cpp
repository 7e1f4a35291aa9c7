// A program that fails in the way its argument says; guarded_test.py watches how it ends.
#include <mpi.h>

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/runtime.hpp"

namespace {

using namespace symwave;

/// What only all ranks can end together.
struct Barrier {
  ~Barrier() { MPI_Barrier(MPI_COMM_WORLD); }
};

/// Ways in which ranks fail while the others wait for them.
void FailAlone(const std::string& mode, int rank) {
  if (mode == "stuck" && rank == 1) base::Fail("rank 1 fails, the others wait");
  if (mode == "two" && rank > 0) base::Fail("ranks fail, the first one waits");
  if (mode == "memory" && rank == 1) throw std::bad_alloc();
  if (mode == "group") {
    const base::Communicator group = base::Communicator::Split(MPI_COMM_WORLD, rank > 0 ? 1 : 0);
    if (rank == 1) base::Fail("rank 1 fails, its group waits");
    MPI_Barrier(group.Get());
  }
  if (mode == "destructor") {
    const Barrier barrier;
    if (rank == 1) base::Fail("rank 1 gets stuck in a destructor");
    MPI_Recv(nullptr, 0, MPI_BYTE, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
  if (mode == "thread" && rank == 1) {
    std::thread([] { throw std::runtime_error("a thread fails"); }).join();
  }
  if (mode == "mpi" && rank == 1) MPI_Send(nullptr, 0, MPI_BYTE, 99, 0, MPI_COMM_WORLD);
  if (mode == "exit" && rank == 1) std::exit(5);
  MPI_Barrier(MPI_COMM_WORLD);
}

}  // namespace

int main(int argc, char** argv) {
  base::Runtime runtime(argc, argv);
  const std::string mode = argc > 1 ? argv[1] : "";
  const int rank = runtime.Rank();
  return base::RunGuarded([&] {
    if (mode == "all") base::Fail("everybody fails");
    if (mode == "internal") base::Require(mode.empty(), "mode is empty");
    if (mode == "petsc") base::Petsc(PETSC_ERR_ARG_WRONG);
    if (mode == "one" && rank == 1) throw std::runtime_error("rank 1 fails at the end");
    if (mode != "one") FailAlone(mode, rank);
    return mode == "code" ? 7 : 0;
  });
}
