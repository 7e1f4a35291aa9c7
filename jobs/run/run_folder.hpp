// The output folder of a run. What was complete there stays as it is until a later run is complete,
// too: a run works in the folder `running` inside, and what it has made moves up at its end. A run
// that was stopped leaves `running` behind, with its checkpoints.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

namespace symwave::jobs::run {

/// All members are collective, and their UserErrors are those of every rank.
class RunFolder {
 public:
  /// Makes the folders. A new run moves a training that has not ended into a folder of its own,
  /// with a warning, and removes what else an unfinished run has left. A resumed one goes on in
  /// what it left, or begins with the checkpoints of a complete one; UserError where there are
  /// none.
  RunFolder(MPI_Comm comm, std::string directory, bool resume);

  const std::string& Directory() const { return directory_; }
  /// Where the run writes.
  std::string Running() const { return directory_ + "/running"; }

  /// Whether a run has been completed here.
  bool HasResults() const;

  /// UserError for files of the run whose names in the folder are taken by folders.
  void RequirePlaces() const;
  /// Moves the files of the run into the folder, summary.json last, but for those without a place,
  /// and removes those that are superseded, paths of this run, and those that an earlier run left
  /// and this one has not made. All at once: a run that
  /// is killed meanwhile is complete, and the next one in this folder moves the rest. UserError
  /// where that cannot be; the files then stay in Running().
  void Complete(const std::vector<std::string>& superseded);
  /// Of a run that was refused or has failed: removes its files, unless it can be gone on with.
  void Abandon();

 private:
  std::string CompleteRun() const { return directory_ + "/complete"; }
  /// From here on the run is complete, whatever happens. On rank 0.
  void Commit() const;
  void StartNew();
  void StartFromComplete();

  MPI_Comm comm_;
  std::string directory_;
};

/// The folder that holds the status of the run in `directory`: that of the run at work or stopped,
/// else of the last one that ended.
std::string StatusFolder(const std::string& directory);

/// Paths of checkpoint.h5, which all ranks share, and of checkpoint_<number>.h5, one for each group
/// of ranks; those that exist, sorted.
std::vector<std::string> CheckpointFiles(const std::string& directory);

}  // namespace symwave::jobs::run
