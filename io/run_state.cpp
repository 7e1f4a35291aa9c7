#include "io/run_state.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <limits>

#include "domain/base/process.hpp"
#include "io/progress.hpp"

namespace symwave::io {

using Json = nlohmann::ordered_json;

namespace {

constexpr double kSilence = 120;  // s; a run gives a sign of life every 2 s

pid_t ProcessOf(const Json& status) {
  const double pid = StatusNumber(status, "pid");
  return pid > 0 && pid < std::numeric_limits<pid_t>::max() ? static_cast<pid_t>(pid) : 0;
}

/// Killed, and its parent has not yet heard of it.
bool IsZombie(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text);
  const std::size_t name = text.rfind(')');
  return name != std::string::npos && text.compare(name, 3, ") Z") == 0;
}

double SilenceOf(const Json& status) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return now.count() - StatusNumber(status, "written_at");
}

/// State and remark of a status that says what the run said itself.
void Judge(const std::string& folder, const Json& status, RunState& run) {
  const std::string said = StatusWord(status, "state");
  const std::string failed = "failed: ", stopped = "stopped by ";
  const Shortfall shortfall = ShortfallOf(folder, status);
  if (SaysRunning(status)) {
    const double silence = SilenceOf(status);
    run.state = IsGone(status) ? "dead" : "running";
    if (!IsOfThisMachine(status) && silence > kSilence) {
      run.state = "silent";
      run.remark = fmt::format("on {}, last sign of life {} ago", StatusWord(status, "host"),
                               Progress::Duration(silence));
    }
  } else if (said.rfind(failed, 0) == 0) {
    run.state = "failed";
    run.remark = said.substr(failed.size());
  } else if (said.rfind(stopped, 0) == 0) {
    run.state = "stopped";
    run.remark = said.substr(stopped.size());
  } else {
    run.state = shortfall.complete ? said : "incomplete";
    run.remark = shortfall.parts;
  }
}

}  // namespace

Json ReadStatus(const std::string& path) {
  std::ifstream file(path);
  Json status = file ? Json::parse(file, nullptr, false) : Json();
  return status.is_object() ? status : Json();
}

double StatusNumber(const Json& status, const char* key) {
  const auto found = status.find(key);
  return found != status.end() && found->is_number() ? found->get<double>() : 0;
}

std::string StatusWord(const Json& status, const char* key) {
  const auto found = status.find(key);
  return found != status.end() && found->is_string() ? found->get<std::string>() : "";
}

bool SaysRunning(const Json& status) {
  return StatusWord(status, "state") == "running";
}

bool IsOfThisMachine(const Json& status) {
  return StatusWord(status, "host") == base::HostName() && ProcessOf(status) > 0;
}

bool IsGone(const Json& status) {
  if (!SaysRunning(status) || !IsOfThisMachine(status)) return false;
  const pid_t process = ProcessOf(status);
  return (kill(process, 0) != 0 && errno == ESRCH) || IsZombie(process);
}

std::string StepsDone(const Json& status) {
  const double done = StatusNumber(status, "done");
  const std::string unit = StatusWord(status, "unit");
  std::string text = fmt::format("{}", done);
  text += OfTotal(static_cast<long>(StatusNumber(status, "total")),
                  WorthOf(StatusWord(status, "total_is")));
  if (!unit.empty()) text += " " + unit + (done == 1 ? "" : unit.back() == 's' ? "es" : "s");
  return text;
}

double SecondsLeft(const Json& status) {
  const double rate = StatusNumber(status, "rate");
  const double left = StatusNumber(status, "total") - StatusNumber(status, "done");
  if (!SaysRunning(status) || IsGone(status) || rate <= 0 || left <= 0) return -1;
  return left / rate;
}

Shortfall ShortfallOf(const std::string& folder, const Json& status) {
  Shortfall shortfall;
  if (StatusWord(status, "state") != "done") return shortfall;
  const Json summary = ReadStatus(folder + "/summary.json");
  if (!summary.is_object()) return shortfall;
  const auto complete = summary.find("complete");
  shortfall.complete = complete == summary.end() || *complete != false;
  const auto parts = summary.find("failed_parts");
  if (shortfall.complete || parts == summary.end() || !parts->is_array()) return shortfall;
  for (const auto& part : *parts) {
    if (!part.is_string()) continue;
    shortfall.parts += (shortfall.parts.empty() ? "" : ", ") + part.get<std::string>();
  }
  return shortfall;
}

RunState StateOfRun(const std::string& folder) {
  RunState run;
  const std::string path = folder + "/status.json";
  run.state = "unreadable";
  if (access(path.c_str(), R_OK) != 0) {
    run.remark = fmt::format("status.json: {}", std::strerror(errno));
    return run;
  }
  const Json status = ReadStatus(path);
  if (!status.is_object() || StatusWord(status, "state").empty()) {
    run.remark = "status.json is damaged";
    return run;
  }
  Judge(folder, status, run);
  std::replace(run.remark.begin(), run.remark.end(), '\n', ' ');
  run.job = StatusWord(status, "job");
  run.phase = StatusWord(status, "phase");
  run.progress = run.phase.empty() ? StatusWord(status, "part") : StepsDone(status);
  run.done = StatusNumber(status, "done");
  run.total = StatusNumber(status, "total");
  run.seconds = StatusNumber(status, "seconds");
  run.seconds_left = SecondsLeft(status);
  run.restarts = static_cast<long>(StatusNumber(status, "restarts"));
  return run;
}

}  // namespace symwave::io
