// What follows the last step of a solver: evaluating and writing. A failure there loses itself
// alone.
#pragma once

#include <mpi.h>

#include <functional>
#include <set>
#include <string>

namespace symwave::jobs::run {

/// Exit code of a run that has reached its end, while something behind its last step failed.
constexpr int kIncomplete = 3;

class Evaluation {
 public:
  explicit Evaluation(MPI_Comm comm) : comm_(comm) {}

  /// Collective. Does `work`; a UserError that every rank had becomes a warning
  /// that begins with `what`, and the rest goes on. Other errors pass through (base::TryOnAll).
  void Try(const std::string& what, const std::function<void()>& work);

  /// Whether all has been done so far.
  bool Complete() const { return failed_.empty(); }
  /// Whether the work of that name failed.
  bool Failed(const std::string& what) const { return failed_.count(what) > 0; }

 private:
  MPI_Comm comm_;
  std::set<std::string> failed_;
};

}  // namespace symwave::jobs::run
