#include "domain/base/runtime.hpp"

#include <fmt/core.h>
#include <slepcsys.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "domain/base/agreement.hpp"
#include "domain/base/blas_kernels.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/job_end.hpp"

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
  } catch (...) {
    return {1, true, Readable(SentenceOf(CurrentFailure()))};
  }
}

constexpr double kPatience = 3.0;  // s that a failing rank waits for the others to fail too

/// What the ranks that fail tell each other. The first of them speaks; of several that had not
/// heard of each other, the lowest.
class Announcements {
 public:
  /// Collective. `comm` must outlive the object.
  explicit Announcements(MPI_Comm comm)
      : comm_(comm), rank_(Communicator::RankIn(comm)), size_(Communicator::SizeOf(comm)) {}

  /// Tells all others, who may never listen.
  void Send() {
    Receive();
    speaks_ = heard_ == 0;
    first_ = speaks_ ? 1 : 0;
    for (int to = 0; to < size_; ++to) {
      if (to == rank_) continue;
      sent_.push_back(MPI_REQUEST_NULL);
      Mpi(MPI_Isend(&first_, 1, MPI_INT, to, 0, comm_, &sent_.back()));
    }
  }

  void Receive() {
    for (;;) {
      int here = 0;
      MPI_Status status;
      Mpi(MPI_Iprobe(MPI_ANY_SOURCE, 0, comm_, &here, &status));
      if (!here) return;
      int first = 0;
      Mpi(MPI_Recv(&first, 1, MPI_INT, status.MPI_SOURCE, 0, comm_, MPI_STATUS_IGNORE));
      ++heard_;
      if (first == 1 && status.MPI_SOURCE < rank_) speaks_ = false;
    }
  }

  /// Collective: when all ranks know that `failing` ranks other than this one have announced it.
  void Complete(int failing) {
    while (heard_ < failing) Receive();
    Mpi(MPI_Waitall(static_cast<int>(sent_.size()), sent_.data(), MPI_STATUSES_IGNORE));
  }

  bool Speaks() const { return speaks_; }

 private:
  MPI_Comm comm_;
  int rank_ = 0;
  int size_ = 1;
  int heard_ = 0;
  int first_ = 0;
  bool speaks_ = false;
  std::vector<MPI_Request> sent_;
};

/// How a rank arrives at the end.
struct Arrival {
  int failed = 0;
  int abandoned = 0;  ///< whether objects stand open that only all ranks can close
};

/// How every rank has arrived. Where some fail and others do not come, it ends the job. Collective.
std::vector<Arrival> WaitForAll(MPI_Comm comm, const Outcome& outcome) {
  const Arrival mine{outcome.failed ? 1 : 0, AbandonedObjects() > 0 ? 1 : 0};
  std::vector<Arrival> all(static_cast<size_t>(Communicator::SizeOf(comm)));
  Announcements announcements(comm);
  if (outcome.failed) announcements.Send();
  MPI_Request request = MPI_REQUEST_NULL;
  Mpi(MPI_Iallgather(&mine, 2, MPI_INT, all.data(), 2, MPI_INT, comm, &request));
  const auto start = Clock::now();
  for (int done = 0; !done;) {
    // The sleep may have been a long one: the time counts that had passed before the look.
    const auto seen = Clock::now();
    Mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
    if (done) break;
    if (outcome.failed) {
      announcements.Receive();
      const double waited = std::chrono::duration<double>(seen - start).count();
      const bool silent = !announcements.Speaks() && waited < 2 * kPatience;
      if (waited > kPatience && !silent) EndJob("error: " + outcome.message);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  int failing = 0;
  for (const Arrival& rank : all) failing += rank.failed;
  announcements.Complete(failing - mine.failed);
  return all;
}

/// Open MPI starts a daemon for a process that no launcher has started; a short command spends half
/// of its time on it, and nothing here needs one. Without it all such processes of a user share one
/// folder, which the first to end removes while others still make theirs in it. None is made, and
/// what would use it, shared file pointers, is left out for good.
void StartMpi(int& argc, char**& argv) {
  constexpr std::array<std::array<const char*, 2>, 2> kAlone{
      {{"OMPI_MCA_ess_singleton_isolated", "1"}, {"OMPI_MCA_orte_create_session_dirs", "0"}}};
  const auto known = [](const char* name) { return std::getenv(name) != nullptr; };
  const bool alone = !known("OMPI_COMM_WORLD_SIZE") && !known("PMIX_RANK") && !known("PMI_RANK");
  const bool isolate = alone && !known(kAlone[0][0]) && !known(kAlone[1][0]);
  if (alone) setenv("OMPI_MCA_sharedfp", "^sm", 0);
  for (const auto& [name, value] : kAlone) {
    if (isolate) setenv(name, value, 0);
  }
  int provided = 0;
  Mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided));
  for (const auto& setting : kAlone) {
    if (isolate) unsetenv(setting[0]);
  }
}

}  // namespace

Runtime::Runtime(int& argc, char**& argv) {
  ChooseBlasKernels(argv);
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (!initialized) StartMpi(argc, argv);
  Petsc(PetscOptionsSetValue(nullptr, "-no_signal_handler", "true"));
  Petsc(PetscOptionsSetValue(nullptr, "-skip_petscrc", "true"));
  Petsc(SlepcInitialize(nullptr, nullptr, nullptr, nullptr));
  Petsc(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr));
  WatchOverProcess();  // after PETSc, which lets errors of MPI return
  rank_ = Communicator::RankIn(MPI_COMM_WORLD);
  size_ = Communicator::SizeOf(MPI_COMM_WORLD);
}

Runtime::~Runtime() {
  PetscPopErrorHandler();
  SlepcFinalize();
  MPI_Finalize();
  StopWatching();
}

int RunGuarded(const std::function<int()>& body) {
  const Communicator comm = Communicator::Duplicate(MPI_COMM_WORLD);
  const int rank = comm.Rank();
  const Outcome outcome = RunBody(body);
  const std::vector<Arrival> all = WaitForAll(comm.Get(), outcome);

  const auto failed = [](const Arrival& arrival) { return arrival.failed != 0; };
  const auto first = std::find_if(all.begin(), all.end(), failed);
  if (first == all.end()) {
    if (rank == 0 && outcome.code != 0) PrintLast(fmt::format("exit code {}", outcome.code));
    return outcome.code;
  }
  if (rank == first - all.begin()) PrintLast("error: " + outcome.message);
  // Ranks that failed at different places hold different objects, and cannot end MPI together.
  const auto abandons = [](const Arrival& arrival) { return arrival.abandoned != 0; };
  const auto abandoning = std::count_if(all.begin(), all.end(), abandons);
  if (abandoning != 0 && abandoning != static_cast<long>(all.size())) EndJob("");
  EndWithin(kPatience);
  return 1;
}

}  // namespace symwave::base
