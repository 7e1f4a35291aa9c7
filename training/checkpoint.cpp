#include "training/checkpoint.hpp"

#include <algorithm>
#include <cstdint>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "io/atomic_file.hpp"
#include "io/checksum.hpp"
#include "io/hdf5.hpp"

namespace symwave::training {

namespace {

constexpr std::int64_t format_version = 1;
constexpr const char* format_name = "symwave training checkpoint";

using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

/// A state as flat arrays, in which it is stored and checksummed.
struct FlatState {
  std::string name;
  Integers counters;  ///< epoch, optimizer steps, passes
  Numbers seconds;
  Numbers commands, first, second;
  Integers history_counters;  ///< epoch, passes of each record
  Numbers history;            ///< the six numbers of each record

  std::uint64_t Checksum() const {
    io::Checksum checksum;
    checksum.Update(name);
    checksum.Update(counters);
    for (const Numbers* numbers : {&seconds, &commands, &first, &second, &history}) {
      checksum.Update(*numbers);
    }
    checksum.Update(history_counters);
    return checksum.Value();
  }
};

Numbers Flat(const Eigen::VectorXd& vector) {
  return {vector.data(), vector.data() + vector.size()};
}

Eigen::VectorXd Vector(const Numbers& numbers) {
  return Eigen::Map<const Eigen::VectorXd>(numbers.data(),
                                           static_cast<Eigen::Index>(numbers.size()));
}

FlatState Flatten(const TrainerState& state) {
  FlatState flat;
  flat.name = state.name;
  flat.counters = {state.epoch, state.optimizer.steps, state.passes};
  flat.seconds = {state.seconds};
  flat.commands = Flat(state.commands);
  flat.first = Flat(state.optimizer.first);
  flat.second = Flat(state.optimizer.second);
  for (const EpochRecord& r : state.history) {
    flat.history_counters.insert(flat.history_counters.end(), {r.epoch, r.passes});
    flat.history.insert(flat.history.end(), {r.loss, r.train_accuracy, r.test_accuracy,
                                             r.gradient_norm, r.symmetry_defect, r.seconds});
  }
  return flat;
}

TrainerState Restore(const FlatState& flat) {
  TrainerState state;
  state.name = flat.name;
  state.epoch = static_cast<int>(flat.counters[0]);
  state.optimizer.steps = flat.counters[1];
  state.passes = flat.counters[2];
  state.seconds = flat.seconds[0];
  state.commands = Vector(flat.commands);
  state.optimizer.first = Vector(flat.first);
  state.optimizer.second = Vector(flat.second);
  for (std::size_t k = 0; 2 * k < flat.history_counters.size(); ++k) {
    const double* h = flat.history.data() + 6 * k;
    state.history.push_back({static_cast<int>(flat.history_counters[2 * k]), h[0], h[1], h[2], h[3],
                             h[4], static_cast<long>(flat.history_counters[2 * k + 1]), h[5]});
  }
  return state;
}

void Write(io::Hdf5File& file, const std::string& group, const FlatState& state) {
  file.WriteText(group + "/name", state.name);
  file.Write(group + "/counters", state.counters, {}, {"", "epoch, optimizer steps, passes"});
  file.Write(group + "/seconds", state.seconds, {}, {"s", "wall-clock time of the training"});
  file.Write(group + "/commands", state.commands, {}, {"rad", "block after block"});
  file.Write(group + "/first_moment", state.first);
  file.Write(group + "/second_moment", state.second);
  if (!state.history.empty()) {
    const auto rows = static_cast<hsize_t>(state.history.size() / 6);
    file.Write(group + "/history_counters", state.history_counters, {rows, 2},
               {"", "epoch, passes"});
    file.Write(
        group + "/history", state.history, {rows, 6},
        {"", "loss, train accuracy, test accuracy, gradient norm, symmetry defect, seconds"});
  }
  file.Write(group + "/checksum", std::vector<std::uint64_t>{state.Checksum()});
}

FlatState Read(const io::Hdf5File& file, const std::string& group) {
  FlatState state;
  state.name = file.ReadText(group + "/name");
  state.counters = file.Read<std::int64_t>(group + "/counters");
  state.seconds = file.Read<double>(group + "/seconds");
  state.commands = file.Read<double>(group + "/commands");
  state.first = file.Read<double>(group + "/first_moment");
  state.second = file.Read<double>(group + "/second_moment");
  if (file.Has(group + "/history")) {
    state.history_counters = file.Read<std::int64_t>(group + "/history_counters");
    state.history = file.Read<double>(group + "/history");
  }
  if (file.ReadScalar<std::uint64_t>(group + "/checksum") != state.Checksum()) {
    base::Fail(
        "{}: the checkpoint is damaged, the checksum of {} does not match; use {}.previous or "
        "start again without --resume",
        file.Path(), group, file.Path());
  }
  return state;
}

void CheckFormat(const io::Hdf5File& file) {
  if (!file.Has("/meta/format") || file.ReadText("/meta/format") != format_name) {
    base::Fail("{}: this is no checkpoint of a training; give the folder of the run to resume",
               file.Path());
  }
  const auto version = file.ReadScalar<std::int64_t>("/meta/format_version");
  if (version != format_version) {
    base::Fail(
        "{}: the checkpoint has format {}, this program reads format {}; start again without "
        "--resume",
        file.Path(), version, format_version);
  }
}

}  // namespace

const TrainerState* Checkpoint::Find(const std::string& name) const {
  const auto found = std::find_if(trainers.begin(), trainers.end(),
                                  [&](const TrainerState& state) { return state.name == name; });
  return found == trainers.end() ? nullptr : &*found;
}

void Checkpoint::Set(const TrainerState& state) {
  const auto found = std::find_if(trainers.begin(), trainers.end(),
                                  [&](const TrainerState& s) { return s.name == state.name; });
  if (found == trainers.end()) {
    trainers.push_back(state);
  } else {
    *found = state;
  }
}

void WriteCheckpoint(MPI_Comm comm, const std::string& path, const Checkpoint& checkpoint) {
  io::ReplaceAtomically(
      comm, path,
      [&](const std::string& temporary) {
        io::Hdf5File file = io::Hdf5File::Create(comm, temporary);
        file.WriteText("/meta/format", format_name);
        file.WriteScalar("/meta/format_version", format_version);
        file.WriteText("/meta/fingerprint", checkpoint.fingerprint);
        file.WriteScalar("/meta/trainers", static_cast<std::int64_t>(checkpoint.trainers.size()));
        for (std::size_t k = 0; k < checkpoint.trainers.size(); ++k) {
          Write(file, "/trainers/" + std::to_string(k), Flatten(checkpoint.trainers[k]));
        }
        file.Close();
      },
      true);
}

namespace {

Checkpoint ReadOne(MPI_Comm comm, const std::string& path, const std::string& fingerprint) {
  io::Hdf5File file = io::Hdf5File::OpenRead(comm, path);
  CheckFormat(file);
  Checkpoint checkpoint;
  checkpoint.fingerprint = file.ReadText("/meta/fingerprint");
  if (checkpoint.fingerprint != fingerprint) {
    base::Fail(
        "{}: the checkpoint belongs to another deck (its fingerprint is {}, this deck's is "
        "{}); resume with the deck of the run, or start again without --resume",
        path, checkpoint.fingerprint, fingerprint);
  }
  const auto trainers = file.ReadScalar<std::int64_t>("/meta/trainers");
  for (std::int64_t k = 0; k < trainers; ++k) {
    checkpoint.trainers.push_back(Restore(Read(file, "/trainers/" + std::to_string(k))));
  }
  file.Close();
  return checkpoint;
}

}  // namespace

Checkpoint ReadCheckpoint(MPI_Comm comm, const std::string& path, const std::string& fingerprint) {
  std::string reason;
  try {
    return ReadOne(comm, path, fingerprint);
  } catch (const base::UserError& error) {
    reason = error.what();
  }
  try {
    Checkpoint checkpoint = ReadOne(comm, path + ".previous", fingerprint);
    base::Warn("{}; going on from {}.previous", reason, path);
    return checkpoint;
  } catch (const base::UserError&) {
    throw base::UserError(reason);
  }
}

}  // namespace symwave::training
