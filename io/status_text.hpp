// What a run's status.json says to a user.
#pragma once

#include <string>

namespace symwave::io {

/// Some lines about the run in `folder`, from its files alone: state, work, rate, time left, last
/// checkpoint, restarts; whether the process still lives, where that can be known. UserError
/// without a status.json or where it is not readable.
std::string StatusText(const std::string& folder);

}  // namespace symwave::io
