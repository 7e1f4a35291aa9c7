// All trainings of a job `focus`: what is finished, what has begun, and who does the rest.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "domain/base/state_archive.hpp"
#include "jobs/spots/focus_bench.hpp"
#include "jobs/spots/focus_tasks.hpp"
#include "training/bench/bench_ranks.hpp"

namespace symwave::jobs::spots {

/// Trainings go by the places of their tasks in the list, so that a resumed run may have any number
/// of groups of ranks.
class FocusTrainings {
 public:
  /// All are dealt to the groups of ranks. `share`: of a mask on this rank, within its group.
  /// `ranks` must outlive the object.
  FocusTrainings(const training::bench::BenchRanks& ranks, const training::CommandShare& share,
                 std::vector<FocusTask> tasks);

  const std::vector<FocusTask>& Tasks() const { return tasks_; }
  /// What this group has yet to do: what has begun, then the others in their order.
  std::vector<int> Mine() const;
  /// Of this group.
  FocusTraining& Begin(int task) { return begun_[task]; }
  /// Of this group: keeps the run of a training that has begun, and nothing else of it.
  void Finish(int task);

  /// Collective on World(): all ranks know what all groups have finished.
  void Gather();
  /// Trainings that all ranks know; one of them, which is then not kept here.
  int Finished() const { return static_cast<int>(finished_.size()); }
  FocusRun Take(int task) { return std::move(finished_.at(task)); }
  /// Of all tasks; left to this group; made by all groups, which is collective on World().
  long Passes() const;
  long PassesLeft() const;
  long PassesMade() const;

  /// Collective on World(), which is that of the archive. Restoring deals what is not finished
  /// anew. A training with another number of epochs than its task has now is as if it had never
  /// begun.
  void SaveOrRestore(base::StateArchive& archive);

 private:
  using Trainings = std::map<int, FocusTraining>;

  void Deal(const std::map<int, long>& epochs_done);
  bool Leads() const;
  long MadeHere(int t) const;
  Trainings Outlines();
  void SaveFinished(base::StateArchive& archive);
  void RestoreFinished(base::StateArchive& archive);
  void SaveBegun(base::StateArchive& archive);
  void RestoreBegun(base::StateArchive& archive);

  const training::bench::BenchRanks& ranks_;
  training::CommandShare share_;
  std::vector<FocusTask> tasks_;
  std::vector<int> groups_;           ///< that do the tasks
  std::map<int, FocusRun> finished_;  ///< known to all ranks
  std::map<int, FocusRun> news_;      ///< finished by this group since then
  Trainings begun_;                   ///< of this group
};

}  // namespace symwave::jobs::spots
