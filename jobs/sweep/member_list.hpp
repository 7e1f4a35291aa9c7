// sweep_members.json: the members of a sweep in its output folder, by which the folder can be gone
// on with, extended and collected.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "jobs/sweep/members.hpp"

namespace symwave::jobs::sweep {

struct MemberList {
  std::string sweep, deck;                                       ///< paths as given
  std::vector<std::string> assignments;                          ///< KEY=VALUE of --set
  std::vector<std::string> plot;                                 ///< as SweepFile
  std::vector<std::pair<std::string, std::string>> fingerprint;  ///< keys of the deck that decide
  /// Of member k + 1: keys and values.
  std::vector<std::vector<std::pair<std::string, std::string>>> members;
};

inline constexpr const char* kMemberList = "sweep_members.json";

/// Path of the list in a folder.
std::string ListPath(const std::string& directory);

/// UserError with `path`, that of the text, where it is damaged.
MemberList ParseList(const std::string& text, const std::string& path);

/// Of one process. UserError where the file is damaged; an empty list of members where there is
/// none.
MemberList ReadList(const std::string& directory);

std::string TextOf(const MemberList& list);

/// `members` in the order and with the numbers of `before`, new ones behind them. UserError with
/// `path`, that of the list, where one of `before` is missing.
std::vector<Member> InOrderOf(const MemberList& before, std::vector<Member> members,
                              const std::string& path, const std::string& sweep_file);

}  // namespace symwave::jobs::sweep
