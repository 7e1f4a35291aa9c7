// Lists of names for people.
#pragma once

#include <string>
#include <vector>

namespace symwave::base {

/// "a, b, c"; empty for no names.
std::string Joined(const std::vector<std::string>& names);

}  // namespace symwave::base
