#include "jobs/train/train_record.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/log.hpp"
#include "io/progress.hpp"

namespace symwave::jobs::train {

namespace {

using training::TrainerState;

std::vector<std::string> HistoryColumns(const MoreColumns& more) {
  std::vector<std::string> columns{"trainer",       "epoch",         "loss",  "train_accuracy",
                                   "test_accuracy", "gradient_norm", "passes"};
  if (more.photons) columns.push_back("photons");
  columns.push_back("seconds");
  for (const std::string& part : more.parts) {
    for (const char* name : {"loss", "train_accuracy", "test_accuracy"}) {
      columns.push_back(fmt::format("{}_{}", name, part));
    }
  }
  return columns;
}

/// "trainings/0", "trainings/1" ...: names of trainings are no paths.
std::string Place(const std::string& group, std::int64_t number) {
  return fmt::format("{}/{}", group, number);
}

/// The name of the number of epochs that a training was begun with.
std::string PlanOf(const std::string& training) {
  return "epochs of " + training;
}

/// Hands the entries of a map one after another to exchange(place, name, value).
template <class Value, class Exchange>
void ExchangeMap(base::StateArchive& archive, const std::string& group,
                 std::map<std::string, Value>& entries, const Value& empty, Exchange&& exchange) {
  auto size = static_cast<std::int64_t>(entries.size());
  archive.Value(group + "/size", size);
  std::map<std::string, Value> restored;
  auto entry = entries.begin();
  for (std::int64_t k = 0; k < size; ++k) {
    if (archive.Restoring()) {
      Value value = empty;
      std::string name;
      exchange(Place(group, k), name, value);
      restored.emplace(std::move(name), std::move(value));
    } else {
      std::string name = entry->first;
      exchange(Place(group, k), name, entry->second);
      ++entry;
    }
  }
  if (archive.Restoring()) entries = std::move(restored);
}

}  // namespace

TrainRecord::TrainRecord(run::RunContext& context, const MoreColumns& more,
                         const training::CommandShare& share, run::RunContext::Exchange state)
    : context_(context),
      share_(share),
      state_(std::move(state)),
      history_(context.Comm(), context.Directory() + "/history.csv", HistoryColumns(more)) {
  context_.Restore(State());
}

run::RunContext::Exchange TrainRecord::State() {
  return [this](base::StateArchive& archive) { SaveOrRestore(archive); };
}

void TrainRecord::SaveOrRestore(base::StateArchive& archive) {
  history_.SaveOrRestore(archive, "history");
  Counts counts = archive.Restoring() ? Counts() : Counted();
  archive.Values("counts", counts);
  if (archive.Restoring()) counts_before_ = counts;
  TrainerState empty;
  empty.share = share_;
  ExchangeMap(archive, "trainings", trainings_, empty,
              [&](const std::string& place, std::string& name, TrainerState& state) {
                state.SaveOrRestore(archive, place);
                name = state.name;
              });
  ExchangeMap(archive, "numbers", numbers_, {},
              [&](const std::string& place, std::string& name, std::vector<double>& values) {
                archive.Value(place + "/name", name);
                archive.Values(place + "/values", values);
              });
  if (state_) state_(archive);
}

TrainRecord::Counts TrainRecord::Counted() const {
  Counts counts = counts_now_ ? counts_now_() : Counts();
  counts.resize(std::max(counts.size(), counts_before_.size()));
  for (std::size_t k = 0; k < counts_before_.size(); ++k) counts[k] += counts_before_[k];
  return counts;
}

const TrainerState* TrainRecord::Find(const std::string& name) const {
  const auto found = trainings_.find(name);
  return found == trainings_.end() ? nullptr : &found->second;
}

void TrainRecord::AddRow(const TrainerState& state, const Photons& photons) {
  const training::EpochRecord& epoch = state.history.back();
  std::vector<io::Table::Cell> cells{state.name,          static_cast<long>(epoch.epoch),
                                     epoch.loss,          epoch.train_accuracy,
                                     epoch.test_accuracy, epoch.gradient_norm,
                                     epoch.passes};
  if (photons) cells.emplace_back(photons(state));
  cells.emplace_back(epoch.seconds);
  for (const training::PartRecord& part : epoch.parts) {
    for (const double value : {part.loss, part.train_accuracy, part.test_accuracy}) {
      cells.emplace_back(value);
    }
  }
  history_.Row(cells);
  if (epoch.epoch == 1 && epoch.symmetry_defect > 0) {
    base::Info("{}: symmetry defect at the start {:.2e}", state.name, epoch.symmetry_defect);
  }
}

void TrainRecord::Forget(const std::string& name) {
  trainings_.erase(name);
  numbers_.erase(PlanOf(name));
}

/// A training that goes on to another end than it began with is not one of that length.
void TrainRecord::NotePlan(const training::Trainer& trainer, const TrainerState& state,
                           int epochs) {
  std::vector<double>& plan = numbers_[PlanOf(state.name)];
  if (!plan.empty() && plan[0] != epochs && trainer.RateDependsOnEpochs()) {
    base::Warn(
        "{}: {} epochs were planned when it began, now {}: from here its learning rate is that of "
        "the new number, as the schedule cosine has it; the result is not that of one training",
        state.name, plan[0], epochs);
  }
  plan = {static_cast<double>(epochs)};
}

const TrainerState& TrainRecord::Train(training::Trainer& trainer, const std::string& name,
                                       const training::TrainingOptions& training,
                                       const Photons& photons) {
  if (trainings_.count(name) == 0) trainings_.emplace(name, trainer.Start(name));
  // Trained in place: a state can be as large as all fields.
  TrainerState& state = trainings_.at(name);
  const long steps = trainer.StepsPerEpoch();
  const std::string unit = steps == 1 ? "epoch" : "step";
  total_ = steps * training.epochs;
  done_ = steps * state.epoch + state.batch;
  unit_ = name + ", " + unit;
  trainer.RequireReachable(state);
  if (trainer.Finished(state)) return state;
  NotePlan(trainer, state, training.epochs);
  io::Progress progress = context_.StartProgress(name, total_, unit);
  if (training.early_stop.patience > 0) progress.Expect(total_, io::Total::AtMost);
  progress.Set(done_);
  bool goes_on = true;
  std::string note;
  trainer.Run(state, [&](const TrainerState& now) {
    if (now.batch == 0) {
      AddRow(now, photons);
      note = fmt::format("loss {:.4f}  test {:.1f} %", now.history.back().loss,
                         100 * now.history.back().test_accuracy);
    }
    done_ = steps * now.epoch + now.batch;
    progress.Set(done_, note);
    goes_on = context_.GoesOn(State(), done_, total_, unit_);
    return goes_on;
  });
  if (!goes_on) context_.Stop();
  progress.EndHere();
  return state;
}

std::vector<double> TrainRecord::Once(const std::string& name,
                                      const std::function<std::vector<double>()>& measure) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  return numbers_[name] = measure();
}

void TrainRecord::EndOfPart() {
  if (!context_.GoesOnBetweenSteps(State(), done_, total_, unit_)) context_.Stop();
}

void TrainRecord::Keep() {
  context_.KeepCheckpoint(State(), done_, total_, unit_);
}

}  // namespace symwave::jobs::train
