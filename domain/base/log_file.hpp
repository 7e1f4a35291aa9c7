// Runs beside each other whose messages would garble the screen.
#pragma once

#include <string>

namespace symwave::base {

/// While it lives, what this rank says goes to the end of the file at `path` instead of the screen;
/// "": nowhere. One at a time, not collective. UserError where the file cannot be written.
class LogFile {
 public:
  explicit LogFile(const std::string& path);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  static bool IsOpen();  ///< whether one lives on this rank
  /// Of the one that lives, for programs that this rank starts: "/dev/null" for none.
  static std::string Path();
};

}  // namespace symwave::base
