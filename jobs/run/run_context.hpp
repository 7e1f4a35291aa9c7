// What every run shares: where it computes, where its files go, its clock, its results and its
// summary. Jobs know nothing else of the machine.
#pragma once

#include <mpi.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "domain/base/timer.hpp"
#include "io/hdf5.hpp"
#include "jobs/deck/schema.hpp"
#include "jobs/run/evaluation.hpp"

namespace symwave::jobs::run {

inline constexpr int kResultsFormat = 1;

/// All members but the accessors are collective on Comm().
class RunContext {
 public:
  /// `directory`: where the files of this run are written until it is complete. `deck` must outlive
  /// the context. `resume`: the folder holds what an earlier run of the deck has left.
  RunContext(MPI_Comm comm, const deck::Deck& deck, std::string directory, bool resume);

  MPI_Comm Comm() const { return comm_; }
  const std::string& Directory() const { return directory_; }
  bool Resume() const { return resume_; }
  /// Of everything that decides the course of the run (run_folder.hpp).
  const std::string& Fingerprint() const { return fingerprint_; }
  /// Since the context was made, of rank 0 on every rank.
  double Seconds() const;

  base::Timers& Timers() { return timers_; }
  /// Runs a part of what follows the last step (evaluation.hpp).
  void Try(const std::string& what, const std::function<void()>& work) {
    evaluation_.Try(what, work);
  }
  Evaluation& Parts() { return evaluation_; }

  /// results.h5 to add to, made when it is asked for the first time. The caller closes it before
  /// anything else communicates: no file is open while a solver works.
  io::Hdf5File OpenResults();
  /// Adds to results.h5: a part named `what`.
  void Write(const std::string& what, const std::function<void(io::Hdf5File&)>& work);
  /// The flat key numbers of the run; `seconds`, `warnings` and `complete` are filled in.
  nlohmann::ordered_json& Summary() { return summary_; }
  /// The summary so far: once before what takes much of the disk.
  void SaveSummary();

  /// Describes the run in results.h5, and writes the summary: the last thing that happens to the
  /// files of a run. Whether results.h5 is whole.
  bool Finish();

 private:
  void WriteMeta(io::Hdf5File& file);

  MPI_Comm comm_;
  const deck::Deck& deck_;
  std::string directory_;
  bool resume_;
  std::string fingerprint_;
  double start_;
  base::Timers timers_;
  Evaluation evaluation_;
  bool results_made_ = false;
  nlohmann::ordered_json summary_;
};

}  // namespace symwave::jobs::run
