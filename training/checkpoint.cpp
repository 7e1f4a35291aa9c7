#include "training/checkpoint.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/checkpoint_header.hpp"
#include "io/hdf5.hpp"
#include "training/checkpoint_state.hpp"

namespace symwave::training {

namespace {

io::CheckpointHeader Header(const std::string& fingerprint) {
  return {"symwave training checkpoint", 2, fingerprint};
}

}  // namespace

const TrainerState* Checkpoint::Find(const std::string& name) const {
  const auto found = std::find_if(trainers.begin(), trainers.end(),
                                  [&](const TrainerState& state) { return state.name == name; });
  return found == trainers.end() ? nullptr : &*found;
}

TrainerState& Checkpoint::Set(TrainerState state) {
  const auto found = std::find_if(trainers.begin(), trainers.end(),
                                  [&](const TrainerState& s) { return s.name == state.name; });
  if (found == trainers.end()) return trainers.emplace_back(std::move(state));
  return *found = std::move(state);
}

void WriteCheckpoint(MPI_Comm comm, const std::string& path, const Checkpoint& checkpoint) {
  io::ReplaceAtomically(
      comm, path,
      [&](const std::string& temporary) {
        io::Hdf5File file = io::Hdf5File::Create(comm, temporary);
        io::WriteCheckpointHeader(file, Header(checkpoint.fingerprint));
        file.WriteScalar("/meta/trainers", static_cast<std::int64_t>(checkpoint.trainers.size()));
        for (std::size_t k = 0; k < checkpoint.trainers.size(); ++k) {
          WriteState(file, "/trainers/" + std::to_string(k), checkpoint.trainers[k]);
        }
        file.Close();
      },
      true);
}

namespace {

Checkpoint ReadOne(MPI_Comm comm, const std::string& path, const std::string& fingerprint,
                   const ChooseShare& choose_share) {
  io::Hdf5File file = io::Hdf5File::OpenRead(comm, path);
  io::CheckCheckpointHeader(path, io::ReadCheckpointHeader(file), Header(fingerprint));
  Checkpoint checkpoint{fingerprint, {}};
  const auto trainers = file.ReadScalar<std::int64_t>("/meta/trainers");
  for (std::int64_t k = 0; k < trainers; ++k) {
    checkpoint.trainers.push_back(ReadState(file, "/trainers/" + std::to_string(k), choose_share));
  }
  file.Close();
  return checkpoint;
}

}  // namespace

Checkpoint ReadCheckpoint(MPI_Comm comm, const std::string& path, const std::string& fingerprint,
                          const ChooseShare& choose_share) {
  std::string reason;
  try {
    return ReadOne(comm, path, fingerprint, choose_share);
  } catch (const base::UserError& error) {
    reason = error.what();
  }
  try {
    Checkpoint checkpoint = ReadOne(comm, path + ".previous", fingerprint, choose_share);
    base::Warn("{}; going on from {}.previous", reason, path);
    return checkpoint;
  } catch (const base::UserError&) {
    throw base::UserError(reason);
  }
}

}  // namespace symwave::training
