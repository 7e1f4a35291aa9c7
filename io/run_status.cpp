#include "io/run_status.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/process.hpp"
#include "io/atomic_file.hpp"
#include "io/progress.hpp"
#include "io/run_state.hpp"

namespace symwave::io {

using Json = nlohmann::ordered_json;
using Lock = std::lock_guard<std::mutex>;

namespace {

double CalendarSeconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void Replace(const std::string& path, const Json& status) {
  ReplaceText(path, status.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

RunStatus::RunStatus(MPI_Comm comm, const std::string& folder, const std::string& job, bool resumed,
                     double interval)
    : active_(base::Communicator::RankIn(comm) == 0),
      path_(folder + "/status.json"),
      job_(job),
      interval_(interval),
      started_at_(CalendarSeconds()),
      part_at_(started_at_) {
  if (!active_) return;
  const Json before = resumed ? ReadStatus(path_) : Json();
  if (before.is_object()) {
    restarts_ = static_cast<long>(StatusNumber(before, "restarts")) + 1;
    earlier_seconds_ = StatusNumber(before, "seconds");
    checkpoint_ = StatusWord(before, "checkpoint");
    checkpoint_at_ = StatusNumber(before, "checkpoint_at");
  }
  Write();
  // Signals are for the main thread.
  sigset_t all, mask;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &mask);
  heart_ = std::thread([this] { Beat(); });
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

RunStatus::~RunStatus() {
  StopBeating();
}

void RunStatus::StopBeating() {
  {
    const Lock lock(mutex_);
    beats_ = false;
  }
  wake_.notify_all();
  if (heart_.joinable()) heart_.join();
}

void RunStatus::Beat() {
  const std::chrono::duration<double> interval(std::max(0.1, interval_));
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return !beats_; })) {
    RemarkLongPart();
    // A step does not wait for the disk.
    lock.unlock();
    // Another rank may have failed, and have said so.
    const Json status = ReadStatus(path_);
    if (status.is_object() && StatusWord(status, "state") != "running") return;
    Put();
    lock.lock();
  }
}

void RunStatus::RemarkLongPart() {
  const double quiet = CalendarSeconds() - part_at_;
  if (part_at_ < step_at_ || quiet < remark_after_) return;
  remark_after_ = 2 * quiet;
  base::LogRemark(fmt::format("{}: {} so far", part_, Progress::Duration(quiet)));
}

double RunStatus::Seconds() const {
  return earlier_seconds_ + std::chrono::duration<double>(Clock::now() - start_).count();
}

void RunStatus::Progress(const std::string& phase, long done, long total, const std::string& unit,
                         Total worth) {
  if (!active_) return;
  const Lock lock(mutex_);
  step_at_ = CalendarSeconds();
  if (phase != phase_ || done < done_ || first_ < 0) {
    phase_at_ = step_at_;
    first_ = done;
  }
  phase_ = phase;
  done_ = done;
  total_ = total;
  worth_ = worth;
  unit_ = unit;
}

void RunStatus::Part(const std::string& name) {
  if (!active_) return;
  const Lock lock(mutex_);
  part_ = name;
  part_at_ = CalendarSeconds();
  remark_after_ = kLongPart;
}

void RunStatus::Checkpoint(const std::string& path) {
  if (!active_) return;
  {
    const Lock lock(mutex_);
    checkpoint_ = path;
    checkpoint_at_ = CalendarSeconds();
  }
  Write();
}

void RunStatus::State(const std::string& state) {
  if (!active_) return;
  // After the last word nothing is written, for the folder may be gone.
  if (state != "running") StopBeating();
  {
    const Lock lock(mutex_);
    state_ = state;
  }
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
  try {
    Replace(path_, status);
  } catch (const base::UserError&) {
    // Why the rank fails is the sentence to be said.
  }
}

Json RunStatus::Content() const {
  const double in_phase = step_at_ - phase_at_;
  return {{"job", job_},
          {"state", state_},
          {"phase", phase_},
          {"done", done_},
          {"total", total_},
          {"total_is", WorthName(worth_)},
          {"unit", unit_},
          {"rate", in_phase > 0 ? static_cast<double>(done_ - std::max(0L, first_)) / in_phase : 0},
          {"step_at", step_at_},
          {"part", part_},
          {"part_at", part_at_},
          {"seconds", Seconds()},
          {"restarts", restarts_},
          {"checkpoint", checkpoint_},
          {"checkpoint_at", checkpoint_at_},
          {"started_at", started_at_},
          {"written_at", CalendarSeconds()},
          {"pid", static_cast<long>(getpid())},
          {"host", base::HostName()}};
}

bool RunStatus::Put() {
  const Lock writing(file_mutex_);
  Json content;
  {
    const Lock lock(mutex_);
    content = Content();
  }
  try {
    Replace(path_, content);
  } catch (const base::UserError&) {
    return false;
  }
  return true;
}

void RunStatus::Write() {
  if (Put() || warned_) return;
  base::Warn("{}: cannot be written; symwave status cannot follow this run", path_);
  warned_ = true;
}

}  // namespace symwave::io
