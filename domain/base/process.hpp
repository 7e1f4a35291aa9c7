// What this process is called outside.
#pragma once

#include <string>

namespace symwave::base {

std::string HostName();

/// The calendar now, UTC: "2026-01-31 12:00:00".
std::string UtcNow();

}  // namespace symwave::base
