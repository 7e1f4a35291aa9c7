// Two kinds of error. UserError: a sentence that says what was given, what is allowed and what to
// change. Everything else (InternalError) is ours: expression, values, rank.
#pragma once

#include <fmt/core.h>
#include <mpi.h>
#include <petscsys.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "domain/base/agreement.hpp"

namespace symwave::base {

class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& sentence);
};

/// No failure: work was asked to stop before its end (StopAsked).
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("asked to stop") {}
};

class InternalError : public std::logic_error {
 public:
  explicit InternalError(const std::string& what);
};

/// Throws UserError with a formatted sentence.
template <class... Args>
[[noreturn]] void Fail(fmt::format_string<Args...> format, Args&&... args) {
  throw UserError(fmt::format(format, std::forward<Args>(args)...));
}

/// Throws InternalError with file, line and rank unless `condition` holds.
void Require(bool condition, const char* what, const char* file = __builtin_FILE(),
             int line = __builtin_LINE());

/// Checks the return code of one PETSc or SLEPc call.
void Petsc(PetscErrorCode code, const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// Checks the return code of one MPI call.
void Mpi(int code, const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// The candidate nearest to `given` in edit distance, or "" when none is near.
template <class Range>
std::string Nearest(const std::string& given, const Range& candidates);

int EditDistance(const std::string& a, const std::string& b);

template <class Range>
std::string Nearest(const std::string& given, const Range& candidates) {
  std::string best;
  int best_distance = 1 + static_cast<int>(given.size()) / 3 + 1;
  for (const auto& candidate : candidates) {
    const int distance = EditDistance(given, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace symwave::base
