// A program that fails in the way its argument says; guarded_test.py watches how it ends.
#include <mpi.h>

#include <stdexcept>
#include <string>

#include "domain/base/error.hpp"
#include "domain/base/runtime.hpp"

int main(int argc, char** argv) {
  using namespace symwave;
  base::Runtime runtime(argc, argv);
  const std::string mode = argc > 1 ? argv[1] : "";
  const int rank = runtime.Rank();
  return base::RunGuarded([&] {
    if (mode == "all") base::Fail("everybody fails");
    if (mode == "internal") base::Require(mode.empty(), "mode is empty");
    if (mode == "petsc") base::Petsc(PETSC_ERR_ARG_WRONG);
    if (mode == "one" && rank == 1) throw std::runtime_error("rank 1 fails at the end");
    if (mode == "stuck") {
      if (rank == 1) base::Fail("rank 1 fails, the others wait");
      MPI_Barrier(MPI_COMM_WORLD);
    }
    return mode == "code" ? 7 : 0;
  });
}
