// The finished trainings of a job `focus`: on disk while groups of ranks work independently, on all
// ranks in the end.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "io/checkpoint_header.hpp"
#include "jobs/run/run_context.hpp"
#include "jobs/spots/focus_bench.hpp"

namespace symwave::jobs::spots {

/// Each group of ranks keeps what it has finished in checkpoint_<group>.h5; all that is known at
/// the start and at the end of a run stands in checkpoint.h5. Trainings go by their number in the
/// deck, so that a resumed run may have any number of groups.
class FocusCheckpoint {
 public:
  /// Collective on World() of `ranks`, which must outlive this. A resumed run reads what all groups
  /// of the old one had finished.
  /// UserError: no checkpoint, or one of another deck or format. A damaged file is left out with a
  /// warning.
  FocusCheckpoint(const training::bench::BenchRanks& ranks, const run::RunContext& context);

  /// Trainings that all ranks know.
  int Size() const { return static_cast<int>(known_.size()); }
  bool Has(int number) const { return known_.count(number) > 0; }
  /// History, final quality and intensities of the frame; nothing else is kept.
  FocusRun Run(int number) const;

  /// Collective on the ranks of the group: a finished training of theirs. A stop loses what they
  /// finished in the last second or, where that is longer, in 50 times what a write takes.
  /// UserError on one rank when it cannot be written.
  void Keep(int number, const FocusRun& run);
  /// Collective on World(): all ranks know the trainings of all groups.
  void Gather();

 private:
  using Clock = std::chrono::steady_clock;
  using Trainings = std::map<int, std::vector<double>>;

  std::string Path(const std::string& suffix = "") const;
  void Save();
  Trainings Read() const;
  void Spread(int root, const Trainings& trainings);
  void Merge();

  const training::bench::BenchRanks& ranks_;
  std::string directory_, restore_from_;
  io::CheckpointHeader header_;
  Trainings known_;
  Trainings mine_;  ///< of this group since the start, on its first rank
  std::size_t saved_ = 0;
  Clock::time_point next_save_ = Clock::now();
};

}  // namespace symwave::jobs::spots
