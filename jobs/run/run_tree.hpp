// `symwave status` of one run, or of all that lie below a folder.
#pragma once

#include <string>

namespace symwave::jobs::run {

/// Of one process, from files alone. Some lines about the run in `directory`; of a folder that is
/// itself no run, a line for each run at any depth below it, and their sums; as JSON the same, in
/// both cases. Folders that cannot be read and files that are damaged have a line of their own;
/// symbolic links and hidden folders are not followed. UserError where there is no run at all.
std::string StatusReport(const std::string& directory, bool json);

}  // namespace symwave::jobs::run
