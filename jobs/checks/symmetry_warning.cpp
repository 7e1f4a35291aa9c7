#include "jobs/checks/symmetry_warning.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/log.hpp"

namespace symwave::jobs::checks {

using training::EpochRecord;
using training::ErrorPass;

namespace {

bool ForwardModeOf(const training::TrainingOptions& training) {
  const auto& trainers = training.trainers;
  return std::find(trainers.begin(), trainers.end(), training::TrainerKind::ForwardMode) !=
         trainers.end();
}

}  // namespace

void WarnOfAsymmetry(const training::TrainingOptions& training, double defect) {
  if (!ForwardModeOf(training) || training.ignore_asymmetry) return;
  if (defect <= training.symmetry_threshold) return;
  base::Warn(
      "forward_mode: the symmetry defect at the start, {:.2g}, is above "
      "training.symmetry_threshold = {:.2g}: odd errors and background of launched fields "
      "(error_launch.differential) make the gradient wrong, noise makes it noisy; the trainer "
      "reverse needs no symmetry",
      defect, training.symmetry_threshold);
}

const EpochRecord* LeastSymmetric(const std::vector<EpochRecord>& history) {
  const auto largest = std::max_element(history.begin(), history.end(),
                                        [](const EpochRecord& a, const EpochRecord& b) {
                                          return a.symmetry_defect < b.symmetry_defect;
                                        });
  return largest == history.end() ? nullptr : &*largest;
}

void WarnOfAsymmetry(const training::TrainingOptions& training, const std::string& trainer,
                     const std::vector<EpochRecord>& history) {
  const EpochRecord* worst = LeastSymmetric(history);
  if (!worst || training.ignore_asymmetry) return;
  if (worst->symmetry_defect <= training.symmetry_threshold) return;
  const auto above = std::count_if(history.begin(), history.end(), [&](const EpochRecord& epoch) {
    return epoch.symmetry_defect > training.symmetry_threshold;
  });
  base::Warn(
      "{}: the symmetry defect of the programmed optics was above training.symmetry_threshold = "
      "{:.2g} in {} of {} epochs, and largest in epoch {}: {:.2g}; the gradient is wrong by about "
      "as much there. The trainer reverse needs no symmetry; on a chip, error_pass: mirrored needs "
      "none of the masks",
      trainer, training.symmetry_threshold, above, history.size(), worst->epoch,
      worst->symmetry_defect);
}

std::vector<std::string> CascadeWarnings(const training::TrainingOptions& training,
                                         const std::vector<domain::Segment>& segments) {
  if (training.error_pass != ErrorPass::Symmetric) {
    return {};
  }
  const auto off_centre =
      std::count_if(segments.begin(), segments.end(), [](const domain::Segment& segment) {
        return std::abs(segment.centre.x) > 0.5 * segment.length;
      });
  if (off_centre == 0) return {};
  const auto all = static_cast<long>(segments.size());
  return {fmt::format(
      "training.error_pass: symmetric ties the masks of the cascade in mirror pairs, for all "
      "trainers: of the {} commands of a block only {} are free, which costs accuracy "
      "(inputs/cascade_chip.yaml learns 71 % instead of 96 %); error_pass: mirrored trains them "
      "all, for one more factorization per step",
      all, all - off_centre / 2)};
}

}  // namespace symwave::jobs::checks
