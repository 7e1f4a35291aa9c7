// The files in a folder.
#pragma once

#include <string>
#include <vector>

namespace symwave::io {

/// Paths of the regular files in `folder` whose names match the regular expression `pattern`,
/// sorted; none where there is no such folder. UserError for a folder that cannot be read. Of one
/// process.
std::vector<std::string> FilesLike(const std::string& folder, const std::string& pattern);

/// The same of every file in `folder` and the folders below it.
std::vector<std::string> FilesBelow(const std::string& folder, const std::string& pattern);

}  // namespace symwave::io
