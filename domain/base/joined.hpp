// Lists of names for people.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace symwave::base {

/// "a, b, c"; empty for no names.
std::string Joined(const std::vector<std::string>& names);

/// "a, b, c and 131 more": at most `most` of them.
std::string FirstOf(const std::vector<std::string>& names, std::size_t most = 10);

}  // namespace symwave::base
