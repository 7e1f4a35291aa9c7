// The results of a run: visible when all of them are complete, and then all at once.
#pragma once

#include <mpi.h>

#include <memory>
#include <string>

#include "io/hdf5.hpp"

namespace symwave::io {

/// While a run writes, its files lie in <folder>/results.incomplete. Commit flushes them and gives
/// that folder the name results.complete, in one step of the file system; from then on they are the
/// results, and are moved into <folder> in place of older ones. A run that was killed before that
/// step has changed nothing of the older results; one that was killed after it is finished by the
/// next call of Recover. All members are collective on `comm`.
class AtomicResults {
 public:
  /// Calls Recover. UserError when the folder cannot be written.
  AtomicResults(MPI_Comm comm, std::string folder);
  AtomicResults(const AtomicResults&) = delete;
  AtomicResults& operator=(const AtomicResults&) = delete;
  /// Without Commit what was written is removed and the older results stay. Not collective while
  /// an exception passes: files are then left open.
  ~AtomicResults();

  /// Where to write summaries, field files and further results until Commit.
  std::string Folder() const;
  /// results.h5 in there, made by the first call.
  Hdf5File& File();
  /// Closes results.h5. UserError naming the file and the reason (disk full), the older results
  /// are then untouched.
  void Commit();

  /// Collective: removes what a killed run left incomplete in `folder` and moves what it had
  /// completed into place.
  static void Recover(MPI_Comm comm, const std::string& folder);

 private:
  MPI_Comm comm_;
  std::string folder_;
  std::unique_ptr<Hdf5File> file_;
  bool committed_ = false;
  int exceptions_;
};

}  // namespace symwave::io
