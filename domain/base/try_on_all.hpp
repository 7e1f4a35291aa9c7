// Going on after a failure that all ranks share.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>

namespace symwave::base {

/// Collective on `comm`, for callers that go on after a failure. Runs `work`, which may
/// communicate, and returns the sentence of its UserError where all ranks had one, "" where none
/// had. Where only some had one it is thrown on all ranks; where the others do not come within some
/// seconds, for they wait for this rank inside `work`, on this one. Other kinds of failure pass.
std::string TryOnAll(MPI_Comm comm, const std::function<void()>& work);

}  // namespace symwave::base
