#include "jobs/train/train_record.hpp"

#include <utility>

#include "domain/base/log.hpp"
#include "io/progress.hpp"

namespace symwave::jobs::train {

namespace {

using training::TrainerState;

std::vector<std::string> HistoryColumns(bool photons) {
  std::vector<std::string> columns{"trainer",       "epoch",         "loss",  "train_accuracy",
                                   "test_accuracy", "gradient_norm", "passes"};
  if (photons) columns.push_back("photons");
  columns.push_back("seconds");
  return columns;
}

std::string PathIn(const std::string& directory) {
  return directory + "/checkpoint.h5";
}

training::Checkpoint FirstCheckpoint(const run::RunContext& context,
                                     const training::ChooseShare& choose_share) {
  training::Checkpoint checkpoint;
  checkpoint.fingerprint = context.Fingerprint();
  if (!context.Resume()) return checkpoint;
  const std::string path = PathIn(context.Directory());
  checkpoint = training::ReadCheckpoint(context.Comm(), path, checkpoint.fingerprint, choose_share);
  base::Info("resuming from {}", path);
  return checkpoint;
}

}  // namespace

TrainRecord::TrainRecord(run::RunContext& context, bool photons,
                         const training::ChooseShare& choose_share)
    : context_(context),
      comm_(context.Comm()),
      directory_(context.Directory()),
      checkpoint_(FirstCheckpoint(context, choose_share)),
      history_(io::Table::Resume(comm_, directory_ + "/history.csv", HistoryColumns(photons),
                                 SavedRows())) {}

long TrainRecord::SavedRows() const {
  long rows = 0;
  for (const TrainerState& state : checkpoint_.trainers) {
    rows += static_cast<long>(state.history.size());
  }
  return rows;
}

void TrainRecord::AddRow(const TrainerState& state, const Photons& photons) {
  const training::EpochRecord& epoch = state.history.back();
  std::vector<io::Table::Cell> cells{state.name,          static_cast<long>(epoch.epoch),
                                     epoch.loss,          epoch.train_accuracy,
                                     epoch.test_accuracy, epoch.gradient_norm,
                                     epoch.passes};
  if (photons) cells.emplace_back(photons(state));
  cells.emplace_back(epoch.seconds);
  history_.Row(cells);
}

const TrainerState& TrainRecord::Train(training::Trainer& trainer, const std::string& name,
                                       const training::TrainingOptions& training,
                                       const Photons& photons) {
  const TrainerState* saved = checkpoint_.Find(name);
  if (saved && trainer.Finished(*saved)) return *saved;
  // Trained in place: a state can be as large as all fields.
  TrainerState& state = checkpoint_.Set(saved ? TrainerState(*saved) : trainer.Start(name));
  io::Progress progress = context_.StartProgress(name, training.epochs, "epoch");
  progress.Set(state.epoch);
  trainer.Run(state, [&](const TrainerState& now) {
    const training::EpochRecord& epoch = now.history.back();
    AddRow(now, photons);
    if (epoch.epoch == 1 && epoch.symmetry_defect > 0) {
      base::Info("{}: symmetry defect at the start {:.2e}", name, epoch.symmetry_defect);
    }
    progress.Set(epoch.epoch,
                 fmt::format("loss {:.4f}  test {:.1f} %", epoch.loss, 100 * epoch.test_accuracy));
    const bool stops = context_.ShallStop();
    if (stops || epoch.epoch % training.checkpoint_every == 0 || trainer.Finished(now)) {
      training::WriteCheckpoint(comm_, PathIn(directory_), checkpoint_);
      context_.NoteCheckpoint(PathIn(directory_));
    }
    return !stops;
  });
  if (context_.ShallStop()) context_.Stop();
  progress.EndHere();
  return state;
}

}  // namespace symwave::jobs::train
