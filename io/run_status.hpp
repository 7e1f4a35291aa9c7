// Where a run stands, in a small file in its folder that others can read while it runs and after.
#pragma once

#include <mpi.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <thread>

#include "io/progress.hpp"

namespace symwave::io {

/// <folder>/status.json, written by rank 0 at every change of the state and, by a thread of its
/// own, about every `interval` seconds as long as the process lives, whatever it does. Not
/// collective: ranks other than 0 do nothing, but for Failed. Never ends a run: a file that cannot
/// be written is a warning, once.
class RunStatus {
 public:
  /// With `resumed` the restarts and the seconds of the file that is there are counted on.
  RunStatus(MPI_Comm comm, const std::string& folder, const std::string& job, bool resumed,
            double interval = 2);
  ~RunStatus();
  RunStatus(const RunStatus&) = delete;
  RunStatus& operator=(const RunStatus&) = delete;

  /// Of the work at hand: a title, what of how much is done (total 0: not known) and its unit
  /// ("step", "epoch", "wavelength").
  void Progress(const std::string& phase, long done, long total, const std::string& unit = "",
                Total worth = Total::Exact);
  /// What is at work beside the steps: "set-up", "writing the results". What takes long has a line
  /// on stderr now and then, as there is no bar for it.
  void Part(const std::string& name);
  void Checkpoint(const std::string& path);
  /// "running"; "stopped by SIGTERM", "done": the last that is written.
  void State(const std::string& state);
  /// "failed: <sentence>", of a rank that fails while the others may know nothing of it: any rank
  /// writes it.
  void Failed(const std::string& sentence);
  /// Wall-clock time of this run and those that it goes on from.
  double Seconds() const;
  long Restarts() const { return restarts_; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr double kLongPart = 10;  // s
  void Beat();
  void RemarkLongPart();
  void StopBeating();
  /// Whether the file could be written.
  bool Put();
  void Write();
  nlohmann::ordered_json Content() const;

  bool active_ = false, warned_ = false, beats_ = true;
  std::string path_, job_;
  double interval_;
  std::string state_ = "running", phase_, unit_, part_ = "set-up", checkpoint_;
  Total worth_ = Total::Exact;
  long done_ = 0, total_ = 0, first_ = -1, restarts_ = 0;
  double earlier_seconds_ = 0, remark_after_ = kLongPart;
  // Seconds of the calendar; step_at_: of the last progress.
  double checkpoint_at_ = 0, started_at_, part_at_, step_at_ = 0, phase_at_ = 0;
  Clock::time_point start_ = Clock::now();
  std::mutex file_mutex_, mutex_;  ///< of the file, and of what it says; locked in this order
  std::condition_variable wake_;
  std::thread heart_;
};

}  // namespace symwave::io
