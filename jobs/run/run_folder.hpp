// The output folder of a run. What was complete there stays as it is until a later run is complete,
// too: a run works in the folder `running` inside, and what it has made moves up at its end. A run
// that was stopped leaves `running` behind, with its checkpoints.
#pragma once

#include <mpi.h>

#include <string>
#include <utility>
#include <vector>

#include "io/folder_lock.hpp"

namespace symwave::jobs::run {

/// All members are collective, and their UserErrors are those of every rank.
class RunFolder {
 public:
  /// Makes the folders. A new run moves one that has not ended into a folder of its own, with a
  /// warning, and removes what else an unfinished run has left. A resumed one goes on in what it
  /// left, or from the checkpoints of a complete one. UserError while another run is at work here,
  /// and for folders of our names that are not ours.
  RunFolder(MPI_Comm comm, std::string directory, bool resume);

  const std::string& Directory() const { return directory_; }
  /// Where the run writes.
  std::string Running() const { return directory_ + "/running"; }
  /// The folder with the checkpoints from which a resumed run goes on; "" for a new one.
  const std::string& RestoreFrom() const { return restore_from_; }

  /// Whether a run has been completed here.
  bool HasResults() const;

  /// UserError for files of the run whose names in the folder are taken by folders.
  void RequirePlaces() const;
  /// Moves the files of the run into the folder, summary.json last, but for those without a place,
  /// and removes those that are superseded, paths of this run, and those that an earlier run left
  /// and this one has not made. All at once: a run that is killed meanwhile is complete, and the
  /// next one in this folder moves the rest. UserError where that cannot be; the files then stay in
  /// Running().
  void Complete(const std::vector<std::string>& superseded);
  /// Of rank 0: where the files are when Complete has failed. What is complete there is moved by
  /// the next run in the folder.
  std::string Unmoved() const;
  /// On rank 0, of a run that was refused or has failed. Without a checkpoint of its own it leaves
  /// the folder as it was before.
  void Abandon();

 private:
  /// Whether it goes on with a run that has not ended.
  bool Start(bool resume);
  void Clear() const;
  void Undo();
  void MoveAside(const std::string& from);
  void MoveBack();

  MPI_Comm comm_;
  std::string directory_, restore_from_;
  bool ended_ = false;
  // Of rank 0: its right to the folder, and what Abandon undoes.
  io::FolderLock lock_;
  bool made_ = false;
  std::vector<std::pair<std::string, std::string>> moved_;  ///< from, to
  std::vector<std::string> checkpoints_;                    ///< in Running() at the start
  std::string status_;                                      ///< text of status.json there
};

/// What a run can begin with: nothing, the checkpoint of one that has not ended, results, or
/// results with a checkpoint from which they can be extended.
enum class Left { Nothing, Checkpoint, Results, Extendable };

/// Collective.
/// Moves what a killed run had completed to its place before. UserError as of the constructor.
Left WhatIsLeft(MPI_Comm comm, const std::string& directory);

/// Collective. Of a folder with checkpoints: where they lie.
std::string CheckpointFolder(MPI_Comm comm, const std::string& directory);

/// The folder that holds the status of the run in `directory`: that of the run at work or stopped,
/// else of the last one that ended.
std::string StatusFolder(const std::string& directory);

}  // namespace symwave::jobs::run
