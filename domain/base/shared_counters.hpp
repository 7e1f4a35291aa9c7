// Numbers that all ranks add to while each is at work on its own.
#pragma once

#include <mpi.h>

#include "domain/base/communicator.hpp"

namespace symwave::base {

/// They lie with rank 0, which takes no part in the additions of others (one-sided communication).
class SharedCounters {
 public:
  /// Collective: `count` zeros.
  SharedCounters(MPI_Comm comm, int count);
  /// Collective.
  ~SharedCounters();
  SharedCounters(const SharedCounters&) = delete;
  SharedCounters& operator=(const SharedCounters&) = delete;

  /// Not collective, in one go: adds to a counter and returns what it was before.
  double Add(int counter, double value);
  double Get(int counter) { return Add(counter, 0); }

 private:
  Communicator comm_;
  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace symwave::base
