#include "training/checkpoint.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/try_on_all.hpp"
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
        base::FaultPoint("checkpoint/write");
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
  base::FaultPoint("checkpoint/read");
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
  Checkpoint checkpoint;
  const auto read = [&](const std::string& file) {
    return base::TryOnAll(comm,
                          [&] { checkpoint = ReadOne(comm, file, fingerprint, choose_share); });
  };
  const std::string reason = read(path);
  if (reason.empty()) return checkpoint;
  if (!read(path + ".previous").empty()) throw base::UserError(reason);
  base::Warn("{}; going on from {}.previous", reason, path);
  return checkpoint;
}

}  // namespace symwave::training
