#include "io/run_status.hpp"

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/process.hpp"
#include "io/atomic_file.hpp"
#include "io/progress.hpp"

namespace symwave::io {

using Json = nlohmann::ordered_json;

namespace {

double CalendarSeconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Null where there is none or it is not an object.
Json ReadStatus(const std::string& path) {
  std::ifstream file(path);
  Json status = file ? Json::parse(file, nullptr, false) : Json();
  return status.is_object() ? status : Json();
}

double NumberOf(const Json& status, const char* key) {
  const auto found = status.find(key);
  return found != status.end() && found->is_number() ? found->get<double>() : 0;
}

std::string TextOf(const Json& status, const char* key) {
  const auto found = status.find(key);
  return found != status.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string Ago(double then) {
  return io::Progress::Duration(std::max(0.0, CalendarSeconds() - then)) + " ago";
}

pid_t ProcessOf(const Json& status) {
  const double pid = NumberOf(status, "pid");
  return pid > 0 && pid < std::numeric_limits<pid_t>::max() ? static_cast<pid_t>(pid) : 0;
}

bool IsHere(const Json& status) {
  return TextOf(status, "host") == base::HostName() && ProcessOf(status) > 0;
}

/// The run should be alive on this machine, and is not.
bool IsGone(const Json& status) {
  if (TextOf(status, "state") != "running" || !IsHere(status)) return false;
  return kill(ProcessOf(status), 0) != 0 && errno == ESRCH;
}

/// "" for a run that has ended.
std::string SignOfLife(const Json& status) {
  if (TextOf(status, "state") != "running") return "";
  const std::string last = "last sign of life " + Ago(NumberOf(status, "written_at"));
  if (!IsHere(status)) {
    return fmt::format("{} on {}, process {}", last, TextOf(status, "host"), ProcessOf(status));
  }
  if (!IsGone(status)) return last;
  return fmt::format(
      "{}, and the process {} is gone: it was killed; {}", last, ProcessOf(status),
      TextOf(status, "checkpoint").empty() ? "start it again" : "go on with --resume");
}

std::string WorkText(const Json& status) {
  const double done = NumberOf(status, "done"), total = NumberOf(status, "total");
  const double rate = NumberOf(status, "rate");
  const std::string unit = TextOf(status, "unit");
  std::string text = fmt::format("{}  {}", TextOf(status, "phase"), done);
  if (total > 0) text += fmt::format("/{}", total);
  if (!unit.empty()) text += " " + unit + (done == 1 ? "" : unit.back() == 's' ? "es" : "s");
  if (rate > 0) text += fmt::format(", {:.3g} per second", rate);
  if (rate > 0 && total > done && TextOf(status, "state") == "running" && !IsGone(status)) {
    text += ", " + io::Progress::Duration((total - done) / rate) + " left";
  }
  return text;
}

/// The files of a run that is complete have moved into `folder`, or were of no more use.
std::string CheckpointText(const std::string& folder, const Json& status) {
  const std::filesystem::path path = TextOf(status, "checkpoint");
  if (path.empty()) return "no checkpoint yet\n";
  const std::filesystem::path here = folder / path.filename();
  const bool found = std::filesystem::exists(here);
  if (!found && TextOf(status, "state") == "done") return "complete, without a checkpoint\n";
  return fmt::format("last checkpoint {}, {}\n", found ? here.string() : path.string(),
                     Ago(NumberOf(status, "checkpoint_at")));
}

}  // namespace

RunStatus::RunStatus(MPI_Comm comm, const std::string& folder, const std::string& job, bool resumed,
                     double interval)
    : active_(base::Communicator::RankIn(comm) == 0),
      path_(folder + "/status.json"),
      job_(job),
      interval_(interval),
      started_at_(CalendarSeconds()) {
  const Json before = active_ && resumed ? ReadStatus(path_) : Json();
  if (before.is_object()) {
    restarts_ = static_cast<long>(NumberOf(before, "restarts")) + 1;
    earlier_seconds_ = NumberOf(before, "seconds");
    checkpoint_ = TextOf(before, "checkpoint");
    checkpoint_at_ = NumberOf(before, "checkpoint_at");
  }
  Write();
}

double RunStatus::Seconds() const {
  return earlier_seconds_ + std::chrono::duration<double>(Clock::now() - start_).count();
}

void RunStatus::Progress(const std::string& phase, long done, long total, const std::string& unit) {
  if (!active_) return;
  if (phase != phase_ || done < done_ || first_ < 0) {
    phase_start_ = Clock::now();
    first_ = done;
  }
  phase_ = phase;
  done_ = done;
  total_ = total;
  unit_ = unit;
  const std::chrono::duration<double> waited = Clock::now() - last_write_;
  if (waited.count() >= interval_) Write();
}

void RunStatus::Checkpoint(const std::string& path) {
  checkpoint_ = path;
  checkpoint_at_ = CalendarSeconds();
  Write();
}

void RunStatus::State(const std::string& state) {
  state_ = state;
  Write();
}

void RunStatus::Failed(const std::string& sentence) {
  if (active_) {
    State("failed: " + sentence);
    return;
  }
  Json status = ReadStatus(path_);
  if (!status.is_object()) return;
  status["state"] = "failed: " + sentence;
  status["written_at"] = CalendarSeconds();
  Put(status);
}

void RunStatus::Write() {
  if (!active_) return;
  last_write_ = Clock::now();
  const double in_phase = std::chrono::duration<double>(last_write_ - phase_start_).count();
  const Json status = {
      {"job", job_},
      {"state", state_},
      {"phase", phase_},
      {"done", done_},
      {"total", total_},
      {"unit", unit_},
      {"rate", in_phase > 0 ? static_cast<double>(done_ - std::max(0L, first_)) / in_phase : 0},
      {"seconds", Seconds()},
      {"restarts", restarts_},
      {"checkpoint", checkpoint_},
      {"checkpoint_at", checkpoint_at_},
      {"started_at", started_at_},
      {"written_at", CalendarSeconds()},
      {"pid", static_cast<long>(getpid())},
      {"host", base::HostName()}};
  Put(status);
}

void RunStatus::Put(const Json& status) {
  try {
    const auto handler = Json::error_handler_t::replace;
    WriteTextAtomically(MPI_COMM_SELF, path_, status.dump(2, ' ', false, handler) + "\n");
  } catch (const base::UserError& error) {
    if (!warned_) base::Warn("{}; symwave status cannot follow this run", error.what());
    warned_ = true;
  }
}

std::string StatusText(const std::string& folder) {
  const std::string path = folder + "/status.json";
  if (access(path.c_str(), R_OK) != 0) {
    base::Fail("{}: there is no status.json in this folder; give the --output folder of a run",
               folder);
  }
  const Json status = ReadStatus(path);
  if (!status.is_object()) base::Fail("{}: is not a JSON object; it may be damaged", path);
  std::string text = fmt::format("{}: {}", TextOf(status, "job"), TextOf(status, "state"));
  const std::string life = SignOfLife(status);
  if (!life.empty()) text += "; " + life;
  text += "\n";
  if (!TextOf(status, "phase").empty()) text += WorkText(status) + "\n";
  text += CheckpointText(folder, status);
  text += fmt::format("ran {} in all, restarts: {}\n",
                      io::Progress::Duration(NumberOf(status, "seconds")),
                      static_cast<long>(NumberOf(status, "restarts")));
  return text;
}

}  // namespace symwave::io
