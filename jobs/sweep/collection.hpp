// What has come of a sweep, from the files of its members alone.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace symwave::jobs::sweep {

/// How far a member is. Incomplete: it has results, of which parts failed.
enum class MemberState { Done, Incomplete, Failed, Running, Stopped, Missing };

/// As the tables have it: "done", "missing".
std::string StateName(MemberState state);

struct MemberResult {
  long number = 0;
  MemberState state = MemberState::Missing;
  std::string reason;  ///< of a failure, or which parts failed
  /// Numbers of its summary.json, parts of sections and lists by dotted keys: "power.in.out",
  /// "modes[0].n_eff", true and false as 1 and 0; "warnings" is how many there are. Only of members
  /// that are done or incomplete.
  std::vector<std::pair<std::string, double>> numbers;
};

/// Of one process. A member is at work as long as its status is at most a minute old and its
/// process, if it should be on this machine, is there.
MemberResult ResultOf(const std::string& directory, long number);

/// The sentence that a member failed of, kept in its folder until it begins again; "" removes it. A
/// folder that cannot be written is a warning. Of one process.
void NoteFailure(const std::string& member_folder, const std::string& sentence);

struct Collected {
  std::string text;  ///< for the screen: how many members are in which state, failures, files
  long members = 0, done = 0, incomplete = 0, failed = 0;
};

/// Of one process: writes sweep.csv and sweep.json into the folder of a sweep, finished or not.
/// UserError where it is none.
Collected Collect(const std::string& directory);

}  // namespace symwave::jobs::sweep
