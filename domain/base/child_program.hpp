// Programs of the system that a command starts.
#pragma once

#include <string>
#include <vector>

namespace symwave::base {

struct Answer {
  int code = 0;      ///< exit code; 128 and more: killed
  std::string said;  ///< stdout and stderr
};

/// Whether an executable of this name is on the PATH.
bool IsOnPath(const std::string& name);

/// Runs arguments[0], found on the PATH where it is no path, to its end. It gets the environment in
/// which this program was started, without what MPI has added since, and of which the jobs of a
/// batch system would know nothing good. UserError where it cannot be started.
Answer RunProgram(const std::vector<std::string>& arguments);

/// The same of a program whose words go where those of this one go, and which SIGTERM, SIGINT and
/// SIGUSR1 do not end: a signal that asks a run to stop reaches its children, too. Its exit code.
int RunProgramUndisturbed(const std::vector<std::string>& arguments);

}  // namespace symwave::base
