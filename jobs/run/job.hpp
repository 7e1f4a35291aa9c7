// What every kind of job is. A new kind is a folder with a class of this interface, an option
// struct of its own in the schema, and a line in cli/make_job.cpp.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/run/work.hpp"

namespace symwave::jobs::run {

class RunContext;

/// All members are collective on one and the same communicator, and called in this order: Memory,
/// then Check, then CountWork, Plan or Run. UserError, on every rank, with the place in the deck.
class Job {
 public:
  virtual ~Job() = default;

  /// Builds nothing large. Where the memory does not suffice Run is not called after it.
  virtual MemoryNeed Memory() = 0;

  /// Refuses what a run would refuse before its first step, whether or not the memory suffices for
  /// the run: takes little of it for decks of any size. What the user should know of the deck and
  /// its physics, a sentence each.
  virtual std::vector<std::string> Check() = 0;

  /// What a run would do: lines for `symwave check`, with sizes and steps. `fits`: the memory
  /// suffices; without it what needs large fields is left out.
  virtual std::string Plan(bool fits) = 0;

  /// What Run takes of any machine; counted, not measured, and for any number of ranks. After
  /// Memory.
  virtual Work CountWork() = 0;

  /// Computes and hands over all results. The warnings of Check have been given.
  virtual void Run(RunContext& context) = 0;
};

}  // namespace symwave::jobs::run
