// What follows the last step of a solver: evaluating and writing. A failure there loses itself
// alone.
#pragma once

#include <mpi.h>

#include <functional>
#include <set>
#include <string>
#include <utility>

namespace symwave::jobs::run {

/// Exit code of a run that has reached its end, while something behind its last step failed.
constexpr int kIncomplete = 3;

class Evaluation {
 public:
  /// `at_start`: called with the name of every work before it is done.
  explicit Evaluation(MPI_Comm comm, std::function<void(const std::string&)> at_start = nullptr)
      : comm_(comm), at_start_(std::move(at_start)) {}

  /// Collective. Does `work`; a UserError that every rank had becomes a warning
  /// that begins with `what`, and the rest goes on. Other errors pass through (base::TryOnAll).
  void Try(const std::string& what, const std::function<void()>& work);

  /// The names of the work that failed.
  const std::set<std::string>& Failed() const { return failed_; }
  /// Whether all has been done so far.
  bool Complete() const { return failed_.empty(); }
  /// Whether the work of that name failed.
  bool Failed(const std::string& what) const { return failed_.count(what) > 0; }

 private:
  MPI_Comm comm_;
  std::function<void(const std::string&)> at_start_;
  std::set<std::string> failed_;
};

}  // namespace symwave::jobs::run
