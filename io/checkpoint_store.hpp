// The checkpoints of a run in its folder: numbered files, each of which is whole.
#pragma once

#include <mpi.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "io/fingerprint.hpp"

namespace symwave::io {

/// Names of the checkpoints of a run, as a regular expression.
inline constexpr const char* kCheckpointFiles = R"(checkpoint(-\d+)?_\d{6,18}\.h5)";

/// What stands in the header of a checkpoint, under /meta.
struct CheckpointInfo {
  std::string job;    ///< such as "train"
  std::string title;  ///< of the deck
  std::string code_version;
  std::string unit;  ///< of `done`: "step", "epoch", "wavelength"
  std::int64_t done = 0;
  std::int64_t total = 0;  ///< 0: not known
  Fingerprint fingerprint{};
  std::int64_t ranks = 0;  ///< those that wrote it; filled in by Save
  std::string written{};   ///< UTC, "2026-01-31 12:00:00"; filled in by Save
};

/// UserError: no checkpoint, another format, damaged. Collective on `comm`.
CheckpointInfo ReadCheckpointInfo(MPI_Comm comm, const std::string& path);

/// The files <folder>/<name>_<number>.h5 (checkpoint_000012.h5). A new one is written as
/// <file>.tmp, flushed to disk, read back and compared with its checksums, and only then given its
/// name; the oldest beyond `keep` go after that. Whatever kills a run, the newest file that has its
/// name is whole. Reading back proves that what the operating system holds of the file, and says it
/// has brought to the disk, is the state: it may come from its memory, on another rank than the one
/// that wrote it. A medium that loses bits later shows when a run goes on from the file (Newest).
/// Where groups of ranks work on their own, each has a store on its communicator with a name of its
/// own ("checkpoint-3"), and ListStores finds them all.
class CheckpointStore {
 public:
  /// Hands the state to the archive or takes it from there (base::StateArchive).
  using Exchange = std::function<void(base::StateArchive&)>;

  /// Collective on `comm`, as all members; removes what killed runs left half written under this
  /// name. `folder` is made with the first checkpoint. A name is of letters, digits and '-'.
  CheckpointStore(MPI_Comm comm, std::string folder, std::string name = "checkpoint", int keep = 2);

  /// The path of the new checkpoint. UserError on every rank naming file and reason (disk full,
  /// not writable); the older checkpoints stay.
  std::string Save(const CheckpointInfo& info, const Exchange& state);

  /// Path of the newest checkpoint that is whole; the damaged ones that are passed over are named
  /// in a warning. Empty where there is none.
  std::optional<std::string> Newest() const;

  /// Goes on from the newest whole checkpoint: its header, with `state` called on an archive that
  /// restores. Empty where there is none. UserError where it is not of this run
  /// (Fingerprint::WhyNotFrom), or where all that exist are damaged.
  std::optional<CheckpointInfo> Restore(const Fingerprint& now, const Fingerprint::Ignores& ignores,
                                        const Exchange& state) const;

  /// Before a state is restored: UserError where the newest checkpoint whose header can be read and
  /// is not damaged is not of this run.
  void RequireSame(const Fingerprint& now, const Fingerprint::Ignores& ignores) const;

  /// Of this name, oldest first, whole or not.
  std::vector<std::string> Files() const;
  const std::string& Folder() const { return folder_; }

 private:
  void WriteFile(const std::string& path, const CheckpointInfo& info, const Exchange& state) const;
  void Discard(const std::string& temporary) const;
  void RemoveOldest();

  MPI_Comm comm_;
  std::string folder_, name_;
  int keep_;
};

/// Collective: names of the stores in `folder` that are `stem` or begin with "<stem>-", sorted.
std::vector<std::string> ListStores(MPI_Comm comm, const std::string& folder,
                                    const std::string& stem = "checkpoint");

/// When to write: after every `seconds`, by the clock of rank 0.
class CheckpointClock {
 public:
  CheckpointClock(MPI_Comm comm, double seconds) : comm_(comm), seconds_(seconds) {}
  /// Collective: the same answer on every rank. Never for seconds <= 0.
  bool Due() const;
  /// A checkpoint has been written.
  void Restart() { last_ = std::chrono::steady_clock::now(); }

 private:
  MPI_Comm comm_;
  double seconds_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace symwave::io
