// What each command does.
#pragma once

#include <string>

#include "domain/base/runtime.hpp"
#include "jobs/cli/command.hpp"

namespace symwave::jobs::cli {

/// Collective on MPI_COMM_WORLD: the command of this name; its exit code.
int Execute(const std::string& name, const Command& command, const base::Runtime& runtime);

}  // namespace symwave::jobs::cli
