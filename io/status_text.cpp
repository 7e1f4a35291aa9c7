#include "io/status_text.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "domain/base/error.hpp"
#include "io/checkpoint_store.hpp"
#include "io/folder_files.hpp"
#include "io/progress.hpp"
#include "io/run_state.hpp"

namespace symwave::io {

using Json = nlohmann::ordered_json;

namespace {

constexpr double kQuiet = 10;  // s without a step that are worth a word

std::string Since(double then) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return Progress::Duration(std::max(0.0, now.count() - then));
}

/// The newest checkpoint that lies in the folder, "" for none.
std::string NewestCheckpoint(const std::string& folder) {
  const auto files = FilesLike(folder, kCheckpointFiles);
  return files.empty() ? "" : files.back();
}

/// "" for a run that has ended.
std::string SignOfLife(const std::string& folder, const Json& status) {
  if (!SaysRunning(status)) return "";
  const std::string last =
      "last sign of life " + Since(StatusNumber(status, "written_at")) + " ago";
  if (!IsOfThisMachine(status)) {
    return fmt::format("{} on {}, process {}", last, StatusWord(status, "host"),
                       static_cast<long>(StatusNumber(status, "pid")));
  }
  if (!IsGone(status)) return last;
  const bool starts_again =
      NewestCheckpoint(folder).empty() && StatusWord(status, "checkpoint").empty();
  return fmt::format("{}, and the process {} is gone: it was killed; {}", last,
                     static_cast<long>(StatusNumber(status, "pid")),
                     starts_again ? "start it again" : "go on with --resume");
}

std::string StepsText(const Json& status) {
  const double rate = StatusNumber(status, "rate"), last = StatusNumber(status, "step_at");
  const double left = SecondsLeft(status);
  const bool alive = SaysRunning(status) && !IsGone(status);
  std::string text = fmt::format("{}  {}", StatusWord(status, "phase"), StepsDone(status));
  if (rate > 0) text += fmt::format(", {:.3g} per second", rate);
  if (left > 0) text += ", " + Progress::Duration(left) + " left";
  if (left > 0 && WorthOf(StatusWord(status, "total_is")) == Total::AtMost) text += " at most";
  if (alive && StatusNumber(status, "written_at") - last > kQuiet) {
    text += ", the last " + Since(last) + " ago";
  }
  return text + "\n";
}

std::string WorkText(const Json& status) {
  std::string text = StatusWord(status, "phase").empty() ? "" : StepsText(status);
  const double since = StatusNumber(status, "part_at");
  const std::string part = StatusWord(status, "part");
  if (!part.empty() && SaysRunning(status) && since >= StatusNumber(status, "step_at")) {
    text += fmt::format("at work on: {}, for {}\n", part, Since(since));
  }
  return text;
}

/// The files of a run that is complete have moved into `folder`, or were of no more use.
std::string CheckpointText(const std::string& folder, const Json& status) {
  const std::string written = StatusWord(status, "checkpoint"), newest = NewestCheckpoint(folder);
  if (written.empty() && newest.empty()) return "no checkpoint\n";
  const double at = StatusNumber(status, "checkpoint_at");
  const std::string ago = at > 0 ? ", " + Since(at) + " ago" : "";
  const std::string here = folder + "/" + std::filesystem::path(written).filename().string();
  std::error_code ignored;
  if (!written.empty() && std::filesystem::exists(here, ignored)) {
    return fmt::format("last checkpoint {}{}\n", here, ago);
  }
  if (!newest.empty()) return fmt::format("last checkpoint {}\n", newest);
  if (StatusWord(status, "state") == "done") return "complete, without a checkpoint\n";
  return fmt::format("last checkpoint {}{}\n", written, ago);
}

/// What is missing of a run that has come to its end.
std::string IncompleteText(const std::string& folder, const Json& status) {
  const Shortfall shortfall = ShortfallOf(folder, status);
  if (shortfall.complete) return "";
  return fmt::format(", but parts of it failed{}{}; see the warnings in {}/summary.json",
                     shortfall.parts.empty() ? "" : ": ", shortfall.parts, folder);
}

}  // namespace

std::string StatusText(const std::string& folder) {
  const std::string path = folder + "/status.json";
  if (access(path.c_str(), R_OK) != 0) {
    const int reason = errno;
    if (access(folder.c_str(), F_OK) != 0) base::Fail("{}: {}", folder, std::strerror(errno));
    if (reason != ENOENT) base::Fail("{}: cannot be read: {}", path, std::strerror(reason));
    base::Fail("{}: there is no status.json in this folder; give the --output folder of a run",
               folder);
  }
  const Json status = ReadStatus(path);
  if (!status.is_object()) base::Fail("{}: is not a JSON object; it may be damaged", path);
  std::string text = fmt::format("{}: {}{}", StatusWord(status, "job"), StatusWord(status, "state"),
                                 IncompleteText(folder, status));
  const std::string life = SignOfLife(folder, status);
  if (!life.empty()) text += "; " + life;
  text += "\n" + WorkText(status) + CheckpointText(folder, status);
  text += fmt::format("ran {} in all, restarts: {}\n",
                      Progress::Duration(StatusNumber(status, "seconds")),
                      static_cast<long>(StatusNumber(status, "restarts")));
  return text;
}

}  // namespace symwave::io
