// What the trainings of a run leave behind while they go on: checkpoints, history.csv, progress.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "io/table.hpp"
#include "jobs/run/run_context.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train {

/// Columns of the history beside those of every training.
struct MoreColumns {
  bool photons = false;
  std::vector<std::string> parts;  ///< loss and accuracies of each part of the objective
};

/// The state of a job that trains: its trainings, finished or at work, and the numbers that it has
/// measured once. All members but Find are collective on the communicator of the context. Those
/// that reach the end of a step or a part leave by RunContext::Stop, after a checkpoint, when the
/// run shall stop.
class TrainRecord {
 public:
  /// Signal photons spent in a training so far: a column of the history.
  using Photons = std::function<double(const training::TrainerState&)>;
  using Counts = std::vector<std::int64_t>;

  /// A resumed run goes on from its checkpoint. `share`: the commands of this rank in every
  /// training; left out, every rank holds all. `state`: of the job, kept and restored behind the
  /// record's own.
  TrainRecord(run::RunContext& context, const MoreColumns& more = {},
              const training::CommandShare& share = {}, run::RunContext::Exchange state = nullptr);
  TrainRecord(const TrainRecord&) = delete;
  TrainRecord& operator=(const TrainRecord&) = delete;

  /// To the last epoch, from the checkpoint where it holds a training of that name. The state is
  /// that of the record.
  const training::TrainerState& Train(training::Trainer& trainer, const std::string& name,
                                      const training::TrainingOptions& training,
                                      const Photons& photons = nullptr);

  /// Null when there is none of that name.
  const training::TrainerState* Find(const std::string& name) const;
  /// Of a training whose numbers are known: its state is no more needed.
  void Forget(const std::string& name);

  /// The numbers that `measure` gives, the same on every rank; those of the checkpoint where it has
  /// them under that name, which must say all that decides them and may change in a resumed run.
  std::vector<double> Once(const std::string& name,
                           const std::function<std::vector<double>()>& measure);

  /// Runs a part of what follows the trainings (evaluation.hpp).
  void Try(const std::string& what, const std::function<void()>& work) { context_.Try(what, work); }

  /// Counts that add up over resumes. `now`: what this run has counted itself, the same on every
  /// rank.
  void CountOn(std::function<Counts()> now) { counts_now_ = std::move(now); }
  Counts Counted() const;

  /// Between two parts of what follows the trainings.
  void EndOfPart();
  /// When nothing is left to train: keeps the state beside the results, for more epochs.
  void Keep();

 private:
  run::RunContext::Exchange State();
  void SaveOrRestore(base::StateArchive& archive);
  void NotePlan(const training::Trainer& trainer, const training::TrainerState& state, int epochs);
  void AddRow(const training::TrainerState& state, const Photons& photons);

  run::RunContext& context_;
  training::CommandShare share_;
  run::RunContext::Exchange state_;
  std::map<std::string, training::TrainerState> trainings_;
  std::map<std::string, std::vector<double>> numbers_;
  Counts counts_before_;
  std::function<Counts()> counts_now_;
  // Where the run stands, for the header of a checkpoint.
  long done_ = 0, total_ = 0;
  std::string unit_ = "training";
  io::Table history_;
};

}  // namespace symwave::jobs::train
