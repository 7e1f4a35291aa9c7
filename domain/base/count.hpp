// Counts on their way into interfaces of 32 bits: MPI, PETSc, MUMPS.
#pragma once

#include <fmt/core.h>

#include <limits>
#include <type_traits>

#include "domain/base/error.hpp"

namespace symwave::base {

/// `value` as the integer type To where that holds it and `most` allows it. UserError that begins
/// with the value and with `what`, such as "values of one message", where not. Not collective: the
/// caller sees to it that all ranks come to the same end.
template <class To, class From>
To CheckedCast(From value, const char* what, long most = std::numeric_limits<To>::max()) {
  static_assert(std::is_integral_v<To> && std::is_integral_v<From>, "counts are integers");
  static_assert(sizeof(From) <= sizeof(long), "counts fit a long");
  const bool negative = std::is_signed_v<From> && value < From(0);
  const bool small = negative
                         ? static_cast<long>(value) >= std::numeric_limits<To>::min()
                         : static_cast<unsigned long>(value) <= static_cast<unsigned long>(most);
  if (!small) {
    Fail(
        "{} {}: more than the {} that can be counted there; start more ranks, take larger cells "
        "or ask for fewer results at once",
        value, what, most);
  }
  return static_cast<To>(value);
}

/// The count of one MPI message.
template <class From>
int MessageCount(From value) {
  return CheckedCast<int>(value, "values of one message between ranks");
}

}  // namespace symwave::base
