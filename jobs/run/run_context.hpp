// What every run shares: where it computes, where its files go, its clock, its results and its
// summary. Jobs know nothing else of the machine.
#pragma once

#include <mpi.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/stop_signal.hpp"
#include "domain/base/timer.hpp"
#include "io/checkpoint_store.hpp"
#include "io/fingerprint.hpp"
#include "io/hdf5.hpp"
#include "io/progress.hpp"
#include "io/run_status.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/run/evaluation.hpp"
#include "jobs/run/frames.hpp"

namespace symwave::jobs::run {

inline constexpr int kResultsFormat = 1;

/// Exit code of a run that a signal has stopped, with a checkpoint from which --resume goes on
/// (EX_TEMPFAIL of sysexits.h: try again later).
inline constexpr int kStopped = 75;

/// Thrown on all ranks by RunContext::Stop.
struct StopRequest {
  std::string signal;
  std::shared_ptr<const void> agreement;
};

/// The end of a step, as the observers of a run are told of it.
struct StepEnd {
  MPI_Comm comm;     ///< of the ranks that took the step: all, or those of a group
  long done, total;  ///< of `unit`, as GoesOn is told; of a group the steps it took in this process
  std::string unit;  ///< what is counted: "wavelength", "forward_mode, epoch", "run 2 of 4, step"
};

/// Called on every rank of StepEnd::comm, and may be collective on it. What it throws ends the run.
using StepObserver = std::function<void(const StepEnd& end)>;

/// All members but the accessors are collective on Comm().
class RunContext {
 public:
  /// `fingerprint`: of the deck, which must outlive the context. `directory`: where the files of
  /// this run are written until it is complete. `restore_from`: the folder with the checkpoints of
  /// the run that is resumed, "" for a run that begins; RequireSameRun has allowed it.
  RunContext(MPI_Comm comm, const deck::Deck& deck, io::Fingerprint fingerprint,
             std::string directory, std::string restore_from);

  MPI_Comm Comm() const { return comm_; }
  const std::string& Directory() const { return directory_; }
  bool Resume() const { return !restore_from_.empty(); }
  const std::string& RestoreFrom() const { return restore_from_; }
  /// Wall-clock time of the run, before a stop included; of rank 0 on every rank.
  double Seconds() const;

  /// Wall-clock time between two checkpoints [s]; 0: only when the run shall stop.
  double CheckpointInterval() const { return deck_.options.output.checkpoint.every; }

  base::Timers& Timers() { return timers_; }
  /// Runs a part of what follows the last step (evaluation.hpp).
  void Try(const std::string& what, const std::function<void()>& work) {
    evaluation_.Try(what, work);
  }
  Evaluation& Parts() { return evaluation_; }

  /// A bar on stderr and in the status of the run; `unit` of what is counted: "step", "epoch".
  io::Progress StartProgress(const std::string& title, long total, const std::string& unit);

  /// To be called at the end of every step, after those that were added before and before the
  /// checkpoint of that step.
  void AddObserver(StepObserver observer) { observers_.push_back(std::move(observer)); }

  std::size_t Observers() const { return observers_.size(); }

  /// To have fields from now on, when their steps end. A run without takers has no observer of
  /// them.
  void AddTaker(FrameTaker taker);
  /// What the job shows of its fields.
  run::Frames& Frames() { return frames_; }
  const run::Frames& Frames() const { return frames_; }

  /// Hands the state of the job to an archive or takes it from there.
  using Exchange = io::CheckpointStore::Exchange;
  /// Takes `state` from the newest whole checkpoint of a run that is resumed; false, and `state` is
  /// not called, in a run that begins. UserError where there is none or it is of another deck.
  bool Restore(const Exchange& state);
  /// At the end of a step: calls the observers, writes a checkpoint when it is due or the run shall
  /// stop, and returns whether the run goes on. `done` of `total` (0: not known) `unit`.
  bool GoesOn(const Exchange& state, long done, long total, const std::string& unit);
  /// The same without a step: between parts of a run, and where groups of ranks meet.
  bool GoesOnBetweenSteps(const Exchange& state, long done, long total, const std::string& unit);
  /// Collective on the ranks of `end` alone.
  void TellObservers(const StepEnd& end);
  /// Between the last step and the end, for a job whose state is of use after it, as a training is
  /// that more epochs may be added to: writes a checkpoint that stays with the results.
  void KeepCheckpoint(const Exchange& state, long done, long total, const std::string& unit);
  /// Whether a signal has asked the run to stop, on all ranks or those of a group (GroupSteps).
  bool ShallStop();
  bool ShallStop(MPI_Comm group) const { return !signals_.Received(group).empty(); }
  /// Ends the run after GoesOn or ShallStop has said so.
  [[noreturn]] void Stop();
  /// Of the run's end, for `symwave status`.
  void SetState(const std::string& state) { status_.State(state); }
  /// Not collective, in a catch block: what fails stands in the status, even where one rank fails
  /// alone and takes the others with it.
  void NoteFailure();

  /// Adds to results.h5, which is open for `work` alone and closed while a solver works: a part
  /// named `what`.
  void Write(const std::string& what, const std::function<void(io::Hdf5File&)>& work);
  /// The flat key numbers of the run; `seconds`, `peak_memory_bytes` (of the
  /// fullest rank), `warnings` and `complete` are filled in.
  nlohmann::ordered_json& Summary() { return summary_; }
  /// The summary so far: once before what takes much of the disk.
  void SaveSummary();

  /// Describes the run in results.h5, writes the summary, and removes checkpoints that are of no
  /// more use: the last thing that happens to the files of a run. Whether results.h5 is whole.
  bool Finish();
  /// Checkpoints that are of no use once all files of the run are in their places.
  std::vector<std::string> Superseded() const;

 private:
  /// Made when it is asked for the first time.
  io::Hdf5File OpenResults();
  void WriteMeta(io::Hdf5File& file);
  void SaveCheckpoint(const Exchange& state, long done, long total, const std::string& unit);

  MPI_Comm comm_;
  const deck::Deck& deck_;
  std::string directory_, restore_from_;
  io::Fingerprint fingerprint_;
  base::StopSignals signals_;
  std::string stop_signal_;
  io::RunStatus status_;
  io::CheckpointStore store_;
  io::CheckpointClock clock_;
  base::Timers timers_;
  Evaluation evaluation_;
  run::Frames frames_;
  std::vector<StepObserver> observers_;
  bool results_made_ = false, keeps_checkpoint_ = false, told_of_resuming_ = false;
  nlohmann::ordered_json summary_;
};

}  // namespace symwave::jobs::run
