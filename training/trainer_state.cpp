#include "training/trainer_state.hpp"

#include <algorithm>
#include <cstdint>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"

namespace symwave::training {

namespace {

using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

constexpr std::size_t kIntegers = 2, kNumbers = 6;  // of an EpochRecord
constexpr std::size_t kPartNumbers = 3;             // of each of its parts

void Append(const EpochRecord& record, std::size_t parts, Integers& integers, Numbers& numbers) {
  integers.insert(integers.end(), {record.epoch, record.passes});
  numbers.insert(numbers.end(), {record.loss, record.train_accuracy, record.test_accuracy,
                                 record.gradient_norm, record.symmetry_defect, record.seconds});
  for (std::size_t k = 0; k < parts; ++k) {
    const PartRecord part = k < record.parts.size() ? record.parts[k] : PartRecord();
    numbers.insert(numbers.end(), {part.loss, part.train_accuracy, part.test_accuracy});
  }
}

EpochRecord RecordAt(std::size_t k, std::size_t parts, const Integers& integers,
                     const Numbers& numbers) {
  const std::int64_t* i = integers.data() + kIntegers * k;
  const double* n = numbers.data() + (kNumbers + kPartNumbers * parts) * k;
  EpochRecord record{static_cast<int>(i[0]),  n[0], n[1], n[2], n[3], n[4],
                     static_cast<long>(i[1]), n[5], {}};
  for (const double* part = n + kNumbers; record.parts.size() < parts; part += kPartNumbers) {
    record.parts.push_back({part[0], part[1], part[2]});
  }
  return record;
}

/// The finished epochs and the one at work, which comes last. How many parts a record has follows
/// from the number of numbers.
void ExchangeRecords(base::StateArchive& archive, const std::string& group, TrainerState& state) {
  Integers integers;
  Numbers numbers;
  std::size_t parts = state.at_work.parts.size();
  for (const EpochRecord& record : state.history) parts = std::max(parts, record.parts.size());
  for (const EpochRecord& record : state.history) Append(record, parts, integers, numbers);
  Append(state.at_work, parts, integers, numbers);
  archive.Values(group + "/record_counts", integers);
  archive.Values(group + "/records", numbers);
  if (!archive.Restoring()) return;
  const std::size_t records = integers.size() / kIntegers;
  const std::size_t width = records == 0 ? 0 : numbers.size() / records;
  if (width < kNumbers || (width - kNumbers) % kPartNumbers != 0 ||
      integers.size() != kIntegers * records || numbers.size() != width * records) {
    base::Fail("the checkpoint is damaged, the history of {} is not complete", state.name);
  }
  parts = (width - kNumbers) / kPartNumbers;
  state.history.clear();
  for (std::size_t k = 0; k + 1 < records; ++k) {
    state.history.push_back(RecordAt(k, parts, integers, numbers));
  }
  state.at_work = RecordAt(records - 1, parts, integers, numbers);
}

/// Also which commands the archive holds: those of `share`, or on every rank all.
void ExchangeCounts(base::StateArchive& archive, const std::string& group, TrainerState& state) {
  if (!archive.Restoring() && state.share.part_size == 0) {
    state.share = WholeShare(archive.Comm(), state.commands.size());
  }
  Integers counts{
      state.epoch,       state.batch,           state.optimizer.steps,         state.passes,
      state.share.parts, state.share.part_size, state.swarm.best_losses.size()};
  archive.Values(group + "/counts", counts);
  if (!archive.Restoring()) return;
  if (counts.size() != 7 || counts[4] < 1 || counts[5] < 0 || counts[6] < 0) {
    base::Fail("the checkpoint is damaged, the counts of {} are not complete", state.name);
  }
  state.epoch = static_cast<int>(counts[0]);
  state.batch = static_cast<int>(counts[1]);
  state.optimizer.steps = static_cast<long>(counts[2]);
  state.passes = static_cast<long>(counts[3]);
  if (state.share.part_size == 0) {
    const bool writes = base::Communicator::RankIn(archive.Comm()) == 0;
    state.share = {counts[4], counts[5], 0, counts[5], writes};
  }
  if (state.share.parts != counts[4] || state.share.part_size != counts[5]) {
    base::Fail("the checkpoint has {} x {} commands of {}, and this run has {} x {}", counts[4],
               counts[5], state.name, state.share.parts, state.share.part_size);
  }
  state.swarm.best_losses.resize(counts[6]);
  state.swarm.best_accuracies.resize(counts[6]);
}

/// A number for every command of this rank, in `values.cols()` copies.
template <class Values>
void ExchangeCommands(base::StateArchive& archive, const std::string& name,
                      const CommandShare& share, Eigen::Index copies, Values& values) {
  const auto size = [](Eigen::Index n) { return static_cast<std::uint64_t>(n); };
  if (archive.Restoring()) values.resize(share.Size(), copies);
  const bool takes_part = archive.Restoring() || share.writes;
  base::ArrayPart part{{size(copies), size(share.parts), size(share.part_size)},
                       {0, 0, size(share.first)},
                       {size(copies), size(share.parts), size(share.count)}};
  if (!takes_part) part.offset = part.count = {0, 0, 0};
  archive.Array(name, values.data(), part);
}

void ExchangeSwarm(base::StateArchive& archive, const std::string& group, const CommandShare& share,
                   SwarmState& swarm) {
  const Eigen::Index particles = swarm.best_losses.size();
  if (particles == 0) return;
  for (const auto& [name, values] : {std::pair("best_losses", &swarm.best_losses),
                                     std::pair("best_accuracies", &swarm.best_accuracies)}) {
    Numbers numbers(values->data(), values->data() + particles);
    archive.Values(group + "/" + name, numbers);
    if (static_cast<Eigen::Index>(numbers.size()) != particles) {
      base::Fail("the checkpoint is damaged, {} is not complete", group + "/" + name);
    }
    *values = Eigen::Map<const Eigen::VectorXd>(numbers.data(), particles);
  }
  ExchangeCommands(archive, group + "/places", share, particles, swarm.places);
  ExchangeCommands(archive, group + "/velocities", share, particles, swarm.velocities);
  ExchangeCommands(archive, group + "/best_places", share, particles, swarm.best_places);
}

}  // namespace

void TrainerState::SaveOrRestore(base::StateArchive& archive, const std::string& group) {
  archive.Value(group + "/name", name);
  ExchangeCounts(archive, group, *this);
  archive.Value(group + "/seconds", seconds);
  ExchangeRecords(archive, group, *this);
  ExchangeCommands(archive, group + "/commands", share, 1, commands);
  ExchangeCommands(archive, group + "/first_moment", share, 1, optimizer.first);
  ExchangeCommands(archive, group + "/second_moment", share, 1, optimizer.second);
  ExchangeSwarm(archive, group, share, swarm);
}

}  // namespace symwave::training
