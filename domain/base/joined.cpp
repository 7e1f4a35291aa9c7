#include "domain/base/joined.hpp"

namespace symwave::base {

std::string Joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

std::string FirstOf(const std::vector<std::string>& names, std::size_t most) {
  if (names.size() <= most) return Joined(names);
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(most));
  return Joined(first) + " and " + std::to_string(names.size() - most) + " more";
}

}  // namespace symwave::base
