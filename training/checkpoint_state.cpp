#include "training/checkpoint_state.hpp"

#include <cstdint>
#include <cstring>

#include "domain/base/error.hpp"
#include "domain/base/random.hpp"
#include "io/checksum.hpp"

namespace symwave::training {

namespace {

using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

/// What every rank holds of a state, as flat arrays in which it is stored and checksummed.
struct SmallState {
  std::string name;
  Integers counters;  ///< epoch, optimizer steps, passes, parts of the commands, their size
  Numbers seconds;
  Integers history_counters;  ///< epoch, passes of each record
  Numbers history;            ///< the six numbers of each record
  Numbers swarm;              ///< best losses, then best accuracies of the particles

  std::uint64_t Checksum() const {
    io::Checksum checksum;
    checksum.Update(name);
    checksum.Update(counters);
    checksum.Update(history_counters);
    for (const Numbers* numbers : {&seconds, &history, &swarm}) checksum.Update(*numbers);
    return checksum.Value();
  }
};

SmallState Flatten(const TrainerState& state, const CommandShare& share) {
  SmallState flat;
  flat.name = state.name;
  flat.counters = {state.epoch, state.optimizer.steps, state.passes, share.parts, share.part_size};
  flat.seconds = {state.seconds};
  for (const EpochRecord& r : state.history) {
    flat.history_counters.insert(flat.history_counters.end(), {r.epoch, r.passes});
    flat.history.insert(flat.history.end(), {r.loss, r.train_accuracy, r.test_accuracy,
                                             r.gradient_norm, r.symmetry_defect, r.seconds});
  }
  for (const Eigen::VectorXd* values : {&state.swarm.best_losses, &state.swarm.best_accuracies}) {
    flat.swarm.insert(flat.swarm.end(), values->data(), values->data() + values->size());
  }
  return flat;
}

TrainerState Restore(const SmallState& flat) {
  TrainerState state;
  state.name = flat.name;
  state.epoch = static_cast<int>(flat.counters[0]);
  state.optimizer.steps = flat.counters[1];
  state.passes = flat.counters[2];
  state.seconds = flat.seconds[0];
  for (std::size_t k = 0; 2 * k < flat.history_counters.size(); ++k) {
    const double* h = flat.history.data() + 6 * k;
    state.history.push_back({static_cast<int>(flat.history_counters[2 * k]), h[0], h[1], h[2], h[3],
                             h[4], static_cast<long>(flat.history_counters[2 * k + 1]), h[5]});
  }
  const auto particles = static_cast<Eigen::Index>(flat.swarm.size() / 2);
  const Eigen::Map<const Eigen::MatrixXd> swarm(flat.swarm.data(), particles, 2);
  state.swarm.best_losses = swarm.col(0);
  state.swarm.best_accuracies = swarm.col(1);
  return state;
}

/// A number for every command of a training, or for every command of every particle.
struct CommandArray {
  const char* name;
  const char* unit;
  Eigen::Ref<const Eigen::MatrixXd> values;  ///< commands of this rank x copies
};

std::vector<CommandArray> ArraysOf(const TrainerState& state) {
  std::vector<CommandArray> arrays{{"commands", "rad", state.commands},
                                   {"first_moment", "", state.optimizer.first},
                                   {"second_moment", "", state.optimizer.second}};
  if (state.swarm.places.cols() > 0) {
    arrays.push_back({"places", "rad", state.swarm.places});
    arrays.push_back({"velocities", "rad", state.swarm.velocities});
    arrays.push_back({"best_places", "rad", state.swarm.best_places});
  }
  return arrays;
}

/// [copies * parts][commands of a part]; nothing of it on ranks that do not `take` part.
io::Slab SlabOf(const CommandShare& share, Eigen::Index copies, bool take) {
  const auto rows = static_cast<hsize_t>(copies * share.parts);
  return {{rows, static_cast<hsize_t>(share.part_size)},
          {0, take ? static_cast<hsize_t>(share.first) : 0},
          {take ? rows : 0, take ? static_cast<hsize_t>(share.count) : 0}};
}

/// Sum over all commands of their bits mixed with their numbers: the same in every partition.
std::uint64_t PartSum(const TrainerState& state, const CommandShare& share) {
  std::uint64_t sum = 0;
  std::uint64_t array_key = 0;
  for (const CommandArray& array : ArraysOf(state)) {
    for (Eigen::Index copy = 0; copy < array.values.cols(); ++copy) {
      ++array_key;
      for (Eigen::Index c = 0; c < array.values.rows(); ++c) {
        std::uint64_t bits = 0;
        const double value = array.values(c, copy);
        std::memcpy(&bits, &value, sizeof bits);
        sum += base::MixSeed(bits, base::MixSeed(array_key, share.Number(c)));
      }
    }
  }
  return sum;
}

/// Collective: of the whole state, the same on every rank.
std::uint64_t ChecksumOf(MPI_Comm comm, const TrainerState& state, const CommandShare& share,
                         const SmallState& small) {
  std::uint64_t sum = share.writes ? PartSum(state, share) : 0;
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm));
  return sum + small.Checksum();
}

SmallState ReadSmall(const io::Hdf5File& file, const std::string& group) {
  SmallState state;
  state.name = file.ReadText(group + "/name");
  state.counters = file.Read<std::int64_t>(group + "/counters");
  state.seconds = file.Read<double>(group + "/seconds");
  if (file.Has(group + "/history")) {
    state.history_counters = file.Read<std::int64_t>(group + "/history_counters");
    state.history = file.Read<double>(group + "/history");
  }
  if (file.Has(group + "/swarm")) state.swarm = file.Read<double>(group + "/swarm");
  const bool complete = state.counters.size() == 5 && state.seconds.size() == 1 &&
                        state.counters[3] > 0 && state.counters[4] >= 0 &&
                        3 * state.history_counters.size() == state.history.size();
  if (!complete)
    base::Fail("{}: the checkpoint is damaged, {} is not complete", file.Path(), group);
  return state;
}

Eigen::MatrixXd ReadCommands(const io::Hdf5File& file, const std::string& name,
                             const CommandShare& share, Eigen::Index copies) {
  const io::Slab slab = SlabOf(share, copies, true);
  if (file.Extent(name) != slab.global) {
    base::Fail("{}: the checkpoint is damaged, {} has another size than announced", file.Path(),
               name);
  }
  Eigen::MatrixXd values(share.Size(), copies);
  file.ReadSlab(name, values.data(), slab);
  return values;
}

}  // namespace

void WriteState(io::Hdf5File& file, const std::string& group, const TrainerState& state) {
  const CommandShare share =
      state.share.part_size > 0 ? state.share : WholeShare(file.Comm(), state.commands.size());
  const SmallState small = Flatten(state, share);
  file.WriteText(group + "/name", small.name);
  file.Write(group + "/counters", small.counters, {},
             {"", "epoch, optimizer steps, passes, parts of the commands, commands of a part"});
  file.Write(group + "/seconds", small.seconds, {}, {"s", "wall-clock time of the training"});
  for (const CommandArray& array : ArraysOf(state)) {
    file.WriteSlab(group + "/" + array.name, array.values.data(),
                   SlabOf(share, array.values.cols(), share.writes),
                   {array.unit, "part after part; of a swarm particle after particle"});
  }
  if (!small.history.empty()) {
    const auto rows = static_cast<hsize_t>(small.history.size() / 6);
    file.Write(group + "/history_counters", small.history_counters, {rows, 2},
               {"", "epoch, passes"});
    file.Write(
        group + "/history", small.history, {rows, 6},
        {"", "loss, train accuracy, test accuracy, gradient norm, symmetry defect, seconds"});
  }
  if (!small.swarm.empty()) {
    file.Write(group + "/swarm", small.swarm, {2, static_cast<hsize_t>(small.swarm.size() / 2)},
               {"", "best loss and accuracy of every particle"});
  }
  file.Write(group + "/checksum",
             std::vector<std::uint64_t>{ChecksumOf(file.Comm(), state, share, small)});
}

TrainerState ReadState(const io::Hdf5File& file, const std::string& group,
                       const ChooseShare& choose_share) {
  const SmallState small = ReadSmall(file, group);
  TrainerState state = Restore(small);
  const Eigen::Index parts = small.counters[3];
  const Eigen::Index all = parts * small.counters[4];
  state.share = choose_share ? choose_share(state.name, all)
                             : CommandShare{parts, small.counters[4], 0, small.counters[4],
                                            WholeShare(file.Comm(), all).writes};
  base::Require(state.share.parts == parts && state.share.All() == all,
                "the share is one of the commands that were written");
  const auto read = [&](const char* name, Eigen::Index copies) {
    return ReadCommands(file, group + "/" + name, state.share, copies);
  };
  state.commands = read("commands", 1);
  state.optimizer.first = read("first_moment", 1);
  state.optimizer.second = read("second_moment", 1);
  if (const Eigen::Index particles = state.swarm.best_losses.size(); particles > 0) {
    state.swarm.places = read("places", particles);
    state.swarm.velocities = read("velocities", particles);
    state.swarm.best_places = read("best_places", particles);
  }
  if (file.ReadScalar<std::uint64_t>(group + "/checksum") !=
      ChecksumOf(file.Comm(), state, state.share, small)) {
    base::Fail(
        "{}: the checkpoint is damaged, the checksum of {} does not match; use {}.previous or "
        "start again without --resume",
        file.Path(), group, file.Path());
  }
  return state;
}

}  // namespace symwave::training
