#include "jobs/spots/spot_work.hpp"

#include <algorithm>

#include "jobs/deck/spot_layout.hpp"
#include "jobs/spots/focus_tasks.hpp"
#include "jobs/spots/spot_memory.hpp"
#include "jobs/train/bench/bench_work.hpp"
#include "training/bench/spot_metrics.hpp"

namespace symwave::jobs::spots {

using train::bench::AddPlanes;
using train::bench::PlaneCounts;
using train::bench::TestPlanes;
using train::bench::TrainingPlanes;
using training::TrainerKind;

run::Work CountFocus(MPI_Comm comm, const deck::BenchOptions& options) {
  const std::vector<FocusTask> tasks = FocusTasks(options);
  run::Work work;
  train::bench::SetRanks(work, options.bench);
  PlaneCounts planes;
  for (const FocusTask& task : tasks) {
    planes += TrainingPlanes(options, task.kind, 1, task.epochs);
    planes += TestPlanes(options, task.epochs + 1);
  }
  work.tasks = static_cast<double>(tasks.size());
  AddPlanes(work, "training", options.bench, planes, work.tasks);
  // Lenses: two frames of a focus, on each group of ranks, and those of the scan's points.
  long lenses = 2 * static_cast<long>(deck::FocusSpots(options.bench).size());
  if (options.bench.focus->scan) {
    lenses += static_cast<long>(deck::ScanSpots(options.bench).size());
  }
  AddPlanes(work, "lenses", options.bench, TestPlanes(options, lenses), 1);
  const train::bench::BenchMemory memory = FocusMemory(comm, options);
  work.memory = train::bench::NeedOf(memory, options.bench);
  work.file_bytes = memory.frames;
  return work;
}

run::Work CountHiddenObject(MPI_Comm comm, const deck::BenchOptions& options) {
  const deck::HiddenObjectOptions& hidden = *options.bench.hidden_object;
  const long positions = static_cast<long>(hidden.positions) * hidden.positions;
  run::Work work;
  train::bench::SetRanks(work, options.bench);
  PlaneCounts planes;
  const long epochs = options.training.epochs;
  for (const TrainerKind kind : options.training.trainers) {
    planes += TrainingPlanes(options, kind, positions, epochs);
    planes += TestPlanes(options, positions * (epochs + 1) + 3L * hidden.frames);
  }
  work.tasks = static_cast<double>(positions);
  AddPlanes(work, "training", options.bench, planes, work.tasks);
  const train::bench::BenchMemory memory = HiddenObjectMemory(comm, options);
  work.memory = train::bench::NeedOf(memory, options.bench);
  work.file_bytes = memory.frames;
  return work;
}

}  // namespace symwave::jobs::spots
