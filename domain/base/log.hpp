// Messages of a run: plain lines on stdout, warnings on stderr, from rank 0 only, or in a file
// (log_file.hpp).
#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

namespace symwave::base {

void LogInfo(const std::string& message);
void LogWarning(const std::string& message);

/// A line about progress, of whichever rank calls: to stderr. Any thread may call it.
void LogRemark(const std::string& line);

/// The warnings of this rank since the last call of ClearWarnings, each once, for the results of a
/// run.
const std::vector<std::string>& Warnings();
void ClearWarnings();

template <class... Args>
void Info(fmt::format_string<Args...> format, Args&&... args) {
  LogInfo(fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void Warn(fmt::format_string<Args...> format, Args&&... args) {
  LogWarning(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace symwave::base
