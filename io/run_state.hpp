// Where a run stands, from the files in its folder.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace symwave::io {

/// Null where there is none or it is not an object.
nlohmann::ordered_json ReadStatus(const std::string& path);
/// 0 and "" where the key is missing or of another type.
double StatusNumber(const nlohmann::ordered_json& status, const char* key);
std::string StatusWord(const nlohmann::ordered_json& status, const char* key);

/// Of a status.json: whether it says that its run is at work; whether that was on this machine; and
/// whether the process is then gone without a word.
bool SaysRunning(const nlohmann::ordered_json& status);
bool IsOfThisMachine(const nlohmann::ordered_json& status);
bool IsGone(const nlohmann::ordered_json& status);

/// "3/8 steps", "3 of about 8 steps"; without the total where it is 0.
std::string StepsDone(const nlohmann::ordered_json& status);
/// Of the phase at work [s]; negative where it is not known or the run is not at work.
double SecondsLeft(const nlohmann::ordered_json& status);

/// What failed of a run that has come to its end, one name each, as its summary in `folder` has it;
/// whether anything did.
struct Shortfall {
  bool complete = true;
  std::string parts;  ///< "the report, resonances"
};
Shortfall ShortfallOf(const std::string& folder, const nlohmann::ordered_json& status);

/// A run in one line of a list.
struct RunState {
  std::string path;
  /// running, done, incomplete, stopped, failed; dead: its process is gone without an end; silent:
  /// at work on another machine, and not heard of for some minutes; unreadable; of batch jobs
  /// queued, starting.
  std::string state;
  std::string remark;  ///< why, on one line
  std::string job, phase, progress;
  double done = 0, total = 0;  ///< of the phase
  double seconds = 0;          ///< at work, all parts
  double seconds_left = -1;    ///< negative: not known
  long restarts = 0;
};

/// Of the run whose status.json lies in `folder`; never throws for what is in that file.
RunState StateOfRun(const std::string& folder);

}  // namespace symwave::io
