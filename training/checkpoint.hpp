// The state of all trainings of a run in one HDF5 file, complete or absent.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>
#include <vector>

#include "training/trainer_state.hpp"

namespace symwave::training {

struct Checkpoint {
  std::string fingerprint;             ///< see io::CheckpointHeader
  std::vector<TrainerState> trainers;  ///< finished ones and the one at work

  /// The state of that name, null when there is none.
  const TrainerState* Find(const std::string& name) const;
  /// Replaces the state of the same name or adds it. The reference holds until the next one is
  /// added.
  TrainerState& Set(TrainerState state);
};

/// Collective. Commands spread over ranks are written by the ranks that hold them; all else is the
/// same on every rank. The file appears under its name when it is complete and on disk; the one
/// before stays as "<path>.previous".
void WriteCheckpoint(MPI_Comm comm, const std::string& path, const Checkpoint& checkpoint);

/// The share of this rank in the commands of the training `name`, `commands` in all.
using ChooseShare = std::function<CommandShare(const std::string& name, Eigen::Index commands)>;

/// Collective; on any number of ranks. Every rank reads its share of the commands, without
/// `choose_share` all of them. The states are those that were written, bit for bit. Where `path` is
/// missing or damaged, the one before it is read, with a warning.
/// UserError: no file, damaged, another format, or a fingerprint other than `fingerprint`.
Checkpoint ReadCheckpoint(MPI_Comm comm, const std::string& path, const std::string& fingerprint,
                          const ChooseShare& choose_share = nullptr);

}  // namespace symwave::training
