#include "domain/base/stop_signal.hpp"

#include <unistd.h>

#include <array>
#include <csignal>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::base {

namespace {

constexpr std::array<int, 3> kSignals{SIGTERM, SIGINT, SIGUSR1};
constexpr std::array<const char*, 3> kNames{"SIGTERM", "SIGINT", "SIGUSR1"};

volatile std::sig_atomic_t received = 0;
volatile std::sig_atomic_t speaks = 0;  // one rank for all
std::array<struct sigaction, 3> before{};
int alive = 0;  // objects

void Note(int signal) {
  if (received != 0) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  received = signal;
  if (speaks == 0) return;
  constexpr char kText[] =
      "asked to stop: the step or part at work comes to its end; a second signal ends the run at "
      "once\n";
  const ssize_t ignored = write(STDERR_FILENO, kText, sizeof kText - 1);
  static_cast<void>(ignored);
}

}  // namespace

StopSignals::StopSignals() {
  if (++alive > 1) return;
  received = 0;
  speaks = Communicator::RankIn(MPI_COMM_WORLD) == 0 ? 1 : 0;
  for (size_t k = 0; k < kSignals.size(); ++k) sigaction(kSignals[k], nullptr, &before[k]);
  Install();
}

StopSignals::~StopSignals() {
  if (--alive > 0) return;
  for (size_t k = 0; k < kSignals.size(); ++k) sigaction(kSignals[k], &before[k], nullptr);
}

void StopSignals::Install() {
  struct sigaction action {};
  action.sa_handler = Note;
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

bool StopAsked() {
  return alive > 0 && received != 0;
}

std::string StopSignals::Received(MPI_Comm comm) const {
  int number = 0;
  for (size_t k = 0; k < kSignals.size(); ++k) {
    if (received == kSignals[k]) number = static_cast<int>(k) + 1;
  }
  Mpi(MPI_Allreduce(MPI_IN_PLACE, &number, 1, MPI_INT, MPI_MAX, comm));
  return number == 0 ? "" : kNames[static_cast<size_t>(number - 1)];
}

}  // namespace symwave::base
