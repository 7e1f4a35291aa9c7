#include "domain/base/job_end.hpp"

#include <cxxabi.h>
#include <mpi.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "domain/base/agreement.hpp"
#include "domain/base/error.hpp"

namespace symwave::base {

namespace {

using Clock = std::chrono::steady_clock;

// Clean-up frees memory and closes files of the rank itself, which takes far less.
constexpr double kCleanUp = 5.0;  // s

/// Open MPI's launcher adds ten lines of its own to every exit code but 0, unless it was told not
/// to, which it passes on to the processes. Nothing that these do at their end prevents it.
const char* LauncherHint() {
  const char* quiet = std::getenv("OMPI_MCA_orte_execute_quiet");
  const bool speaks =
      std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr && (!quiet || std::strcmp(quiet, "1") != 0);
  return speaks ? " (mpirun -q leaves out what mpirun adds below)" : "";
}

/// The newest error; of fixed size, since it may be one of memory.
struct Remembered {
  std::mutex mutex;
  char text[2048] = {};
};

Remembered& NewestError() {
  static Remembered error;
  return error;
}

[[noreturn]] void OnTerminate() {
  Failure failure{FailureKind::Internal, "ended without an exception"};
  if (std::current_exception()) failure = CurrentFailure();
  EndJob("error: " + SentenceOf(failure));
}

void OnMpiError(MPI_Comm*, int* code, ...) {
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(*code, text, &length);
  EndJob(fmt::format("error: internal error, a fault of symwave: MPI: {}", text));
}

void OnExit() {
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (!finalized) EndJob("error: a rank has left the job by a call of exit()");
}

/// Asks twice a second whether the main thread has been unwinding for too long.
class Watch {
 public:
  Watch() : main_thread_(abi::__cxa_get_globals()) {
    // Signals are for the main thread.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { Run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Watch() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  void EndWithin(double seconds, const std::string& message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    limit_ = Clock::now() +
             std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    message_ = message;
  }
  void TakeTime() {
    const std::lock_guard<std::mutex> lock(mutex_);
    limit_.reset();
  }

 private:
  /// Number of exceptions on their way in the main thread: the second member of the structure that
  /// the C++ ABI of all our platforms (Itanium) fixes.
  unsigned Unwinding() const {
    const char* globals = reinterpret_cast<const char*>(main_thread_);
    return *reinterpret_cast<const volatile unsigned*>(globals + sizeof(void*));
  }

  void Run() {
    auto quiet_since = Clock::now();
    std::unique_lock<std::mutex> lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::milliseconds(500), [this] { return done_; })) {
      if (limit_ && Clock::now() > *limit_) EndJob(message_);
      // What all ranks clean up together may take its time.
      const bool stuck = Unwinding() > 0 && !AgreedFailureAlive();
      if (!stuck) quiet_since = Clock::now();
      const double busy = std::chrono::duration<double>(Clock::now() - quiet_since).count();
      if (busy < kCleanUp) continue;
      const std::lock_guard<std::mutex> reading(NewestError().mutex);
      const std::string error = NewestError().text;
      EndJob("error: " + (error.empty() ? "one rank failed and got stuck while it ended" : error));
    }
  }

  abi::__cxa_eh_globals* main_thread_;
  // Guarded by mutex_.
  std::optional<Clock::time_point> limit_;
  std::string message_;
  bool done_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread thread_;
};

std::unique_ptr<Watch>& TheWatch() {
  static std::unique_ptr<Watch> watch;
  return watch;
}

}  // namespace

void PrintLast(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s%s\n", message.c_str(), LauncherHint());
  std::fflush(stderr);
}

void EndJob(const std::string& message) noexcept {
  static std::atomic_flag ending = ATOMIC_FLAG_INIT;
  if (ending.test_and_set()) {
    for (;;) pause();  // another thread is ending the process
  }
  if (!message.empty()) PrintLast(message);
  MPI_Abort(MPI_COMM_WORLD, 1);
  _exit(1);
}

void RememberError(const char* message) noexcept {
  const std::lock_guard<std::mutex> lock(NewestError().mutex);
  std::strncpy(NewestError().text, message, sizeof NewestError().text - 1);
}

void WatchOverProcess() {
  std::set_terminate(OnTerminate);
  std::atexit(OnExit);
  MPI_Errhandler handler = MPI_ERRHANDLER_NULL;
  MPI_Comm_create_errhandler(OnMpiError, &handler);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, handler);
  MPI_Comm_set_errhandler(MPI_COMM_SELF, handler);
  MPI_Errhandler_free(&handler);
  TheWatch() = std::make_unique<Watch>();
}

void EndWithin(double seconds) {
  if (TheWatch()) TheWatch()->EndWithin(seconds, "");
}

Deadline::Deadline(double seconds, const std::string& message) {
  if (TheWatch()) TheWatch()->EndWithin(seconds, message);
}

Deadline::~Deadline() {
  if (TheWatch()) TheWatch()->TakeTime();
}

void StopWatching() {
  TheWatch().reset();
}

}  // namespace symwave::base
