#include "jobs/symmetry_warning.hpp"

#include <algorithm>

#include "domain/base/log.hpp"

namespace symwave::jobs {

void WarnOfAsymmetry(const training::TrainingOptions& training, double defect) {
  const auto& trainers = training.trainers;
  const bool forward = std::find(trainers.begin(), trainers.end(),
                                 training::TrainerKind::ForwardMode) != trainers.end();
  if (!forward || training.ignore_asymmetry || defect <= training.symmetry_threshold) return;
  base::Warn(
      "forward_mode: the symmetry defect at the start, {:.2g}, is above "
      "training.symmetry_threshold = {:.2g}: odd errors and background of launched fields "
      "(error_launch.differential) make the gradient wrong, noise makes it noisy; the trainer "
      "reverse needs no symmetry",
      defect, training.symmetry_threshold);
}

}  // namespace symwave::jobs
