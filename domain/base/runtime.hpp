// Lifetime of MPI, PETSc and SLEPc, and the one place where errors end a program.
#pragma once

#include <petscsys.h>

#include <functional>
#include <type_traits>

namespace symwave::base {

static_assert(std::is_same_v<PetscScalar, PetscComplex>,
              "symwave needs PETSc and SLEPc built for complex numbers "
              "(Debian: libpetsc-complex-dev, libslepc-complex-dev)");

/// Starts MPI, PETSc and SLEPc; ends them in the destructor, after everything that uses them.
/// PETSc reads no options from the command line, installs no signal handler and returns error codes
/// (base::Petsc turns them into exceptions). A .petscrc file is ignored.
class Runtime {
 public:
  Runtime(int& argc, char**& argv);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  int Rank() const { return rank_; }
  int Size() const { return size_; }

 private:
  int rank_ = 0;
  int size_ = 1;
};

/// Runs the body of a program on every rank of MPI_COMM_WORLD and returns its exit code. When all
/// ranks arrive at the end (as they do with a user error) the lowest failing one prints one message
/// `error: ...` and every rank returns 1. When some fail, the others may wait for them for ever:
/// after about 3 s the first rank that failed prints its message and aborts the job, wherever the
/// others are. What a failing rank holds together with others stays as it is meanwhile
/// (MayCommunicate). Collective.
int RunGuarded(const std::function<int()>& body);

}  // namespace symwave::base
