// Where a run stands, in a small file in its folder that others can read while it runs and after.
#pragma once

#include <mpi.h>

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace symwave::io {

/// <folder>/status.json, replaced by rank 0 at most every `interval` seconds and at every change of
/// the state. Not collective: ranks other than 0 do nothing, but for Failed. Never ends a run: a
/// file that cannot be written is a warning, once.
class RunStatus {
 public:
  /// With `resumed` the restarts and the seconds of the file that is there are counted on.
  RunStatus(MPI_Comm comm, const std::string& folder, const std::string& job, bool resumed,
            double interval = 2);

  /// Of the work at hand: a title, what of how much is done (total 0: not known) and its unit
  /// ("step", "epoch", "wavelength").
  void Progress(const std::string& phase, long done, long total, const std::string& unit = "");
  void Checkpoint(const std::string& path);
  /// "running", "stopped by SIGTERM", "done", "failed: <sentence>"; written at once.
  void State(const std::string& state);
  /// "failed: <sentence>", of a rank that fails while the others may know nothing of it: any rank
  /// writes it.
  void Failed(const std::string& sentence);
  /// Wall-clock time of this run and those that it goes on from.
  double Seconds() const;
  long Restarts() const { return restarts_; }

 private:
  using Clock = std::chrono::steady_clock;
  void Write();
  void Put(const nlohmann::ordered_json& status);

  bool active_ = false, warned_ = false;
  std::string path_, job_;
  double interval_;
  std::string state_ = "running", phase_, unit_, checkpoint_;
  long done_ = 0, total_ = 0, first_ = -1, restarts_ = 0;
  double checkpoint_at_ = 0, started_at_ = 0,
         earlier_seconds_ = 0;  // s, of the calendar and before
  Clock::time_point start_ = Clock::now(), phase_start_ = start_, last_write_ = start_;
};

/// Some lines for a user about the run in `folder`: state, phase, rate, time left, last checkpoint,
/// restarts; whether the process still lives, where that can be known. UserError without a
/// status.json or where it is not readable.
std::string StatusText(const std::string& folder);

}  // namespace symwave::io
