// The commands of symwave with their options and help.
#pragma once

#include <CLI/CLI.hpp>

#include "jobs/cli/command.hpp"

namespace symwave::jobs::cli {

/// Parsing writes into `command`, which must outlive it.
void DescribeCommands(CLI::App& app, Command& command);

}  // namespace symwave::jobs::cli
