// What the trainings of a run leave behind while they go on: history.csv, checkpoint.h5, progress.
#pragma once

#include <functional>
#include <string>

#include "io/table.hpp"
#include "jobs/run/run_context.hpp"
#include "training/checkpoint.hpp"
#include "training/trainer.hpp"

namespace symwave::jobs::train {

class TrainRecord {
 public:
  /// Signal photons spent in a training so far: a column of the history.
  using Photons = std::function<double(const training::TrainerState&)>;

  /// Collective. A resumed run reads the checkpoint in its folder. `photons`: with that column.
  TrainRecord(run::RunContext& context, bool photons = false,
              const training::ChooseShare& choose_share = nullptr);

  /// Collective: to the last epoch, from the checkpoint where it holds this training, with a line
  /// and a checkpoint as often as `training` says. The state is that of the record. Leaves by
  /// RunContext::Stop, after a checkpoint, when the run shall stop.
  const training::TrainerState& Train(training::Trainer& trainer, const std::string& name,
                                      const training::TrainingOptions& training,
                                      const Photons& photons = nullptr);

  /// Null when there is none of that name.
  const training::TrainerState* Find(const std::string& name) const {
    return checkpoint_.Find(name);
  }

 private:
  long SavedRows() const;
  void AddRow(const training::TrainerState& state, const Photons& photons);

  run::RunContext& context_;
  MPI_Comm comm_;
  std::string directory_;
  training::Checkpoint checkpoint_;
  io::Table history_;
};

}  // namespace symwave::jobs::train
