#include "jobs/run/run_tree.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <vector>

#include "domain/base/error.hpp"
#include "io/progress.hpp"
#include "io/run_state.hpp"
#include "io/status_text.hpp"
#include "jobs/run/run_files.hpp"
#include "jobs/run/run_folder.hpp"

namespace symwave::jobs::run {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;
using io::RunState;

constexpr std::size_t kRemark = 80;  // characters of a line
constexpr std::size_t kWholeRemarks = 10;

/// The log of a batch job since it began last; "" where there is none.
std::string LastPartOfLog(const std::string& directory) {
  std::ifstream file(directory + "/job.log", std::ios::binary | std::ios::ate);
  if (!file) return "";
  const std::streamoff size = file.tellg(), tail = 16384;
  file.seekg(std::max<std::streamoff>(0, size - tail));
  std::ostringstream text;
  text << file.rdbuf();
  const std::size_t begin = text.str().rfind(": begins on ");
  return text.str().substr(begin == std::string::npos ? 0 : begin);
}

std::string LastError(const std::string& log) {
  const std::string mark = "error: ";
  const std::size_t found = log.rfind("\n" + mark);
  if (found == std::string::npos) return "";
  const std::size_t begin = found + 1 + mark.size();
  return log.substr(begin, log.find('\n', begin) - begin);
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Of a batch job whose run has left no status.
RunState StateOfJob(const std::string& directory) {
  RunState run;
  std::error_code ignored;
  run.state = fs::exists(directory + "/job.log", ignored) ? "starting" : "queued";
  const std::string log = LastPartOfLog(directory);
  if (Contains(log, ": failed with exit code")) {
    run.state = "failed";
    run.remark = LastError(log);
    if (run.remark.empty()) run.remark = "see job.log";
  }
  return run;
}

/// Whether the batch job has spoken after its run did last.
bool LogIsNewer(const std::string& directory, const std::string& folder) {
  std::error_code missing;
  const auto log = fs::last_write_time(directory + "/job.log", missing);
  return !missing && log >= fs::last_write_time(folder + "/status.json", missing);
}

/// The first line of a file; "" where there is none.
std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

RunState StateIn(const std::string& directory) {
  const std::string failure = FirstLine(directory + "/" + kMemberFailure);
  if (!failure.empty()) {
    RunState run;
    run.path = directory;
    run.state = "failed";
    run.remark = failure;
    return run;
  }
  const std::string folder = StatusFolder(directory);
  std::error_code unreadable;
  const bool began = fs::exists(folder + "/status.json", unreadable) || unreadable;
  RunState run = began ? io::StateOfRun(folder) : StateOfJob(directory);
  run.path = directory;
  const bool at_work = run.state == "running" || run.state == "silent";
  if (!began || (!at_work && run.state != "stopped") || !LogIsNewer(directory, folder)) return run;
  const std::string log = LastPartOfLog(directory);
  if (at_work && Contains(log, ": failed with exit code")) {
    run.state = "dead";
    run.remark = "see job.log";
  } else if (!at_work && (Contains(log, ": goes back into the queue") ||
                          Contains(log, ": a new job goes on"))) {
    run.state = "queued";
  }
  return run;
}

/// Looks at one folder: whether it is of a run, and which folders are to be looked at next.
class Visit {
 public:
  explicit Visit(const std::string& directory) {
    fs::directory_iterator entry(directory, error_);
    for (const fs::directory_iterator end; !error_ && entry != end; entry.increment(error_)) {
      Take(*entry);
    }
  }

  bool IsRun() const { return is_run_; }
  const std::vector<std::string>& Below() const { return below_; }
  std::string Error() const { return error_ ? error_.message() : ""; }

 private:
  void Take(const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (name == "status.json" || name == "job.sbatch" || name == kMemberFailure) is_run_ = true;
    if (name.front() == '.' || entry.is_symlink(ignored) || !entry.is_directory(ignored)) return;
    std::error_code unreadable;
    if (name == "running" && (fs::exists(entry.path() / "status.json", unreadable) || unreadable)) {
      is_run_ = true;
    } else {
      below_.push_back(entry.path().string());
    }
  }

  std::error_code error_;
  bool is_run_ = false;
  std::vector<std::string> below_;
};

/// member_2 before member_10.
bool Before(const std::string& a, const std::string& b) {
  const auto digit = [](const std::string& text, std::size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!digit(a, i) || !digit(b, j)) {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
      continue;
    }
    std::size_t i_end = i, j_end = j;
    while (digit(a, i_end)) ++i_end;
    while (digit(b, j_end)) ++j_end;
    while (i + 1 < i_end && a[i] == '0') ++i;
    while (j + 1 < j_end && b[j] == '0') ++j;
    if (i_end - i != j_end - j) return i_end - i < j_end - j;
    const int order = a.compare(i, i_end - i, b, j, j_end - j);
    if (order != 0) return order < 0;
    i = i_end, j = j_end;
  }
  return a.size() - i < b.size() - j;
}

std::vector<RunState> RunsBelow(const std::string& directory) {
  std::vector<RunState> runs;
  std::vector<std::string> folders{directory};
  while (!folders.empty()) {
    const std::string folder = folders.back();
    folders.pop_back();
    const Visit visit(folder);
    if (visit.IsRun()) runs.push_back(StateIn(folder));
    if (!visit.Error().empty()) {
      RunState unreadable;
      unreadable.path = folder;
      unreadable.state = "unreadable";
      unreadable.remark = visit.Error();
      runs.push_back(unreadable);
    }
    folders.insert(folders.end(), visit.Below().begin(), visit.Below().end());
  }
  std::sort(runs.begin(), runs.end(),
            [](const RunState& a, const RunState& b) { return Before(a.path, b.path); });
  return runs;
}

std::string Left(double seconds) {
  return seconds < 0 ? "" : io::Progress::Duration(seconds);
}

struct Sums {
  std::map<std::string, long> states;
  long restarts = 0;
  double seconds = 0, seconds_left = -1;  ///< of all; of the run that ends last
};

Sums SumsOf(const std::vector<RunState>& runs) {
  Sums sums;
  for (const RunState& run : runs) {
    ++sums.states[run.state];
    sums.restarts += run.restarts;
    sums.seconds += run.seconds;
    sums.seconds_left = std::max(sums.seconds_left, run.seconds_left);
  }
  return sums;
}

/// "run 1/2, 300 of about 3400 steps": the time left is that of the phase alone.
std::string ProgressText(const RunState& run) {
  if (run.phase.empty() || run.progress.empty() || run.seconds_left < 0) return run.progress;
  return run.phase + ", " + run.progress;
}

std::string Table(const std::vector<RunState>& runs) {
  std::vector<std::vector<std::string>> rows{
      {"run", "state", "progress", "restarts", "time left", "remark"}};
  std::vector<std::string> whole;  // remarks that are too long for a line of the table
  for (const RunState& run : runs) {
    std::string remark = run.remark;
    if (remark.size() > kRemark) {
      remark = remark.substr(0, kRemark - 3) + "...";
      whole.push_back(run.path + ": " + run.remark);
    }
    rows.push_back({run.path, run.state, ProgressText(run), std::to_string(run.restarts),
                    Left(run.seconds_left), remark});
  }
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) line += fmt::format("{:<{}}  ", row[k], widths[k]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  for (std::size_t k = 0; k < std::min(kWholeRemarks, whole.size()); ++k) text += whole[k] + "\n";
  if (whole.size() > kWholeRemarks) {
    text += fmt::format("{} more long remarks: --json has them\n", whole.size() - kWholeRemarks);
  }
  const Sums sums = SumsOf(runs);
  text += fmt::format("{} in all:", runs.size());
  for (const auto& [state, count] : sums.states) {
    text += fmt::format("{} {} {}", state == sums.states.begin()->first ? "" : ",", count, state);
  }
  text +=
      fmt::format("; ran {}, restarts: {}", io::Progress::Duration(sums.seconds), sums.restarts);
  if (sums.seconds_left >= 0)
    text += fmt::format("; the longest phase at work has {} left", Left(sums.seconds_left));
  return text + "\n";
}

Json Number(double seconds) {
  return seconds < 0 ? Json() : Json(seconds);
}

Json JsonOf(const RunState& run) {
  return {{"path", run.path},
          {"state", run.state},
          {"remark", run.remark},
          {"job", run.job},
          {"phase", run.phase},
          {"progress", run.progress},
          {"done", run.done},
          {"total", run.total},
          {"restarts", run.restarts},
          {"seconds", run.seconds},
          {"seconds_left", Number(run.seconds_left)}};
}

std::string JsonText(const std::vector<RunState>& runs) {
  const Sums sums = SumsOf(runs);
  Json list = Json::array();
  for (const RunState& run : runs) list.push_back(JsonOf(run));
  const Json all = {{"runs", list},
                    {"states", sums.states},
                    {"restarts", sums.restarts},
                    {"seconds", sums.seconds},
                    {"seconds_left", Number(sums.seconds_left)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string StatusReport(const std::string& directory, bool json) {
  std::string top = directory;
  while (top.size() > 1 && top.back() == '/') top.pop_back();
  std::error_code missing;
  const fs::file_status kind = fs::status(top, missing);
  if (!fs::exists(kind) && missing) base::Fail("{}: {}", top, missing.message());
  if (!fs::is_directory(kind)) base::Fail("{}: not a folder; give one with runs", top);
  const Visit visit(top);
  const std::string folder = StatusFolder(top);
  if (!json && fs::exists(folder + "/status.json")) return io::StatusText(folder);
  const std::vector<RunState> runs =
      visit.IsRun() ? std::vector<RunState>{StateIn(top)} : RunsBelow(top);
  if (runs.empty()) {
    base::Fail(
        "{}: there is no status.json in this folder or below; give the --output folder of a run, "
        "or one that holds such folders",
        top);
  }
  return json ? JsonText(runs) : Table(runs);
}

}  // namespace symwave::jobs::run
