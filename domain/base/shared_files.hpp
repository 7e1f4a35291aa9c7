// Files that come with the program: report scripts, decks, templates.
#pragma once

#include <string>

namespace symwave::base {

/// Path of such a file or folder, named as in the repository ("postproc/report"): in the
/// installation that the program is part of, wherever that has been moved to, else in the source
/// tree it was built from. UserError where neither has it.
std::string SharedFile(const std::string& name);

}  // namespace symwave::base
