// Signals that ask a job to stop in good order.
#pragma once

#include <mpi.h>

#include <string>

namespace symwave::base {

/// While it lives, the first SIGTERM, SIGINT or SIGUSR1 is noted and nothing else happens; the next
/// one ends the process at once, as it would have without. One that lives inside another shares
/// what that has got.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Installs the handlers again, after a library has taken them over.
  void Install();

  /// Collective on `comm`: the name of a signal that any of the ranks has got, the same on every
  /// rank; "" where none has.
  std::string Received(MPI_Comm comm) const;
};

/// Whether this rank has got one, of StopSignals that live.
bool StopAsked();

}  // namespace symwave::base
