// The trainings of a job `focus`.
#pragma once

#include <vector>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::spots {

/// Of a focus, or of a point of the scan.
struct FocusTask {
  training::TrainerKind kind = training::TrainerKind::ForwardMode;
  int number = 0;  ///< of the focus or point
  bool scan = false;
  int epochs = 1;
  long launches = 0;  ///< of light in a laboratory, in an epoch

  /// Of the whole training: a test after each epoch is computed, too.
  long Passes() const { return epochs * (launches + 1); }
};

/// Those of every trainer, where rivals without a gradient train the foci nearest to the centre for
/// about the passes that the deck gives them, then those of the scan.
std::vector<FocusTask> FocusTasks(const deck::BenchOptions& options);

}  // namespace symwave::jobs::spots
