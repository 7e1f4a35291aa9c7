#include "domain/base/runtime.hpp"

#include <fmt/core.h>
#include <slepcsys.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <thread>

#include "domain/base/blas_kernels.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::base {

namespace {

using Clock = std::chrono::steady_clock;

struct Outcome {
  int code = 0;
  bool failed = false;
  std::string message;
};

/// A sentence may quote what was given, which can be megabytes of anything: control characters
/// become question marks, and the middle of what no one would read is left out.
std::string Readable(std::string message) {
  constexpr std::size_t kHead = 1500, kTail = 500;
  for (char& c : message) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) c = '?';
  }
  if (message.size() <= 2 * (kHead + kTail)) return message;
  const std::size_t left_out = message.size() - kHead - kTail;
  return fmt::format("{} ... ({} characters left out) ... {}", message.substr(0, kHead), left_out,
                     message.substr(message.size() - kTail));
}

Outcome RunBody(const std::function<int()>& body) {
  try {
    return {body(), false, ""};
  } catch (const UserError& e) {
    return {1, true, Readable(e.what())};
  } catch (const std::bad_alloc&) {
    return {1, true,
            "out of memory; use more ranks on more nodes, a larger cell or a smaller grid"};
  } catch (const std::exception& e) {
    return {1, true, std::string("internal error, a fault of symwave: ") + e.what()};
  } catch (...) {
    return {1, true, "internal error, a fault of symwave: unknown exception"};
  }
}

/// Open MPI's launcher adds ten lines of its own to every exit code but 0, unless it was told not
/// to, which it passes on to the processes. Nothing that these do at their end prevents it.
const char* LauncherHint() {
  const char* quiet = std::getenv("OMPI_MCA_orte_execute_quiet");
  const bool speaks =
      std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr && (!quiet || std::strcmp(quiet, "1") != 0);
  return speaks ? " (mpirun -q leaves out what mpirun adds below)" : "";
}

void Print(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s%s\n", message.c_str(), LauncherHint());
  std::fflush(stderr);
}

/// Waits until `request` is complete; false when `patience` seconds have passed before (0: waits
/// for ever).
bool WaitFor(MPI_Request& request, double patience) {
  const auto start = Clock::now();
  for (;;) {
    int done = 0;
    Mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
    if (done) return true;
    const double waited = std::chrono::duration<double>(Clock::now() - start).count();
    if (patience > 0 && waited > patience) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

Runtime::Runtime(int& argc, char**& argv) {
  ChooseBlasKernels(argv);
  int initialized = 0;
  MPI_Initialized(&initialized);
  int provided = 0;
  if (!initialized) Mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided));
  Petsc(PetscOptionsSetValue(nullptr, "-no_signal_handler", "true"));
  Petsc(PetscOptionsSetValue(nullptr, "-skip_petscrc", "true"));
  Petsc(SlepcInitialize(nullptr, nullptr, nullptr, nullptr));
  Petsc(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  rank_ = Communicator::RankIn(MPI_COMM_WORLD);
  size_ = Communicator::SizeOf(MPI_COMM_WORLD);
}

Runtime::~Runtime() {
  PetscPopErrorHandler();
  SlepcFinalize();
  MPI_Finalize();
}

int RunGuarded(const std::function<int()>& body) {
  const Communicator comm = Communicator::Duplicate(MPI_COMM_WORLD);
  const int rank = comm.Rank();
  const int size = comm.Size();
  const Outcome outcome = RunBody(body);

  // Minimum over ranks of {failing rank, whether failed}: the lowest failing rank, and whether all
  // failed.
  const int mine[2] = {outcome.failed ? rank : size, outcome.failed ? 1 : 0};
  int all[2] = {size, 0};
  MPI_Request request = MPI_REQUEST_NULL;
  Mpi(MPI_Iallreduce(mine, all, 2, MPI_INT, MPI_MIN, comm.Get(), &request));
  // A rank that waits a little longer the higher it is, so that the lowest one speaks and aborts.
  const double patience = outcome.failed ? 3.0 + 0.02 * std::min(rank, 100) : 0.0;
  if (!WaitFor(request, patience)) {
    Print("error: " + outcome.message);
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  if (rank == all[0]) Print("error: " + outcome.message);
  if (all[0] == size && rank == 0 && outcome.code != 0) {
    Print(fmt::format("exit code {}", outcome.code));
  }
  return all[0] < size ? 1 : outcome.code;
}

}  // namespace symwave::base
