#include "jobs/checks/symmetry_warning.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"

namespace symwave::jobs::checks {

using training::EpochRecord;
using training::ErrorPass;

constexpr double kSamePlace = 1e-6;  // um

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

namespace {

bool LaunchesErrorAtInputs(const training::TrainingOptions& training) {
  using training::TrainerKind;
  if (training.error_pass == ErrorPass::Reverse) return false;
  return std::any_of(training.trainers.begin(), training.trainers.end(), [](TrainerKind kind) {
    return kind == TrainerKind::ForwardMode || kind == TrainerKind::InSilico;
  });
}

bool AreImages(const domain::PlanePort& a, const domain::PlanePort& b) {
  const bool along_x = domain::AxisOf(a.faces) == 0;
  const bool opposite = domain::IsForward(a.faces) != domain::IsForward(b.faces);
  return domain::AxisOf(a.faces) == domain::AxisOf(b.faces) && opposite == along_x &&
         std::abs(a.at[0] + b.at[0]) <= kSamePlace && std::abs(a.at[1] - b.at[1]) <= kSamePlace &&
         std::abs(a.at[2] - b.at[2]) <= kSamePlace && a.modes == b.modes;
}

constexpr const char* kRemedy =
    "forward mode needs a device that is its own mirror image about x = 0: take error_pass: "
    "reverse, or training.ignore_asymmetry: true for a wrong gradient";

}  // namespace

void RequireMirrorPairs(const training::TrainingOptions& training, const std::string& where,
                        const std::vector<domain::PlanePort>& ports, int inputs,
                        const std::vector<domain::Element>& elements) {
  if (!LaunchesErrorAtInputs(training) || training.ignore_asymmetry) return;
  const auto outputs = static_cast<int>(ports.size()) - inputs;
  if (inputs != outputs) {
    base::Fail("{}: the network has {} inputs and {} outputs; {}", where, inputs, outputs, kRemedy);
  }
  for (int p = 0; p < inputs; ++p) {
    const int opposite = inputs + p;
    const domain::PlanePort &in = ports[static_cast<size_t>(p)],
                            &out = ports[static_cast<size_t>(opposite)];
    if (AreImages(in, out)) continue;
    const auto image = std::find_if(ports.begin() + inputs, ports.end(),
                                    [&](const auto& port) { return AreImages(in, port); });
    if (image == ports.end()) {
      base::Fail("{}: no output is the mirror image of the input {} at [{:.6g}, {:.6g}] um; {}",
                 in.where, in.name, in.at[0], in.at[1], kRemedy);
    }
    base::Fail(
        "{}: network.outputs must name the mirror images of the inputs in their order: {} belongs "
        "to {}, where {} stands",
        where, image->name, in.name, out.name);
  }
  const std::vector<domain::Command> commands = domain::CommandsOf(elements);
  const std::vector<int> images = domain::MirrorImages(elements, commands);
  for (size_t c = 0; c < images.size(); ++c) {
    if (images[c] >= 0) continue;
    const domain::Element& first = elements[static_cast<size_t>(commands[c].elements.front())];
    base::Fail("{}: no {} is the mirror image of {}; {}", first.where,
               first.group.empty() ? "element" : "group of elements", commands[c].name, kRemedy);
  }
}

std::vector<std::string> CascadeWarnings(const training::TrainingOptions& training,
                                         const std::vector<domain::Element>& elements) {
  if (training.error_pass != ErrorPass::Symmetric) {
    return {};
  }
  const std::vector<int> images = domain::MirrorImages(elements, domain::CommandsOf(elements));
  long off_centre = 0;
  for (size_t c = 0; c < images.size(); ++c) {
    off_centre += images[c] >= 0 && images[c] != static_cast<int>(c);
  }
  if (off_centre == 0) return {};
  const auto all = static_cast<long>(images.size());
  return {fmt::format(
      "training.error_pass: symmetric ties the masks of the cascade in mirror pairs, for all "
      "trainers: of the {} commands of a block only {} are free, which costs accuracy "
      "(inputs/cascade_chip.yaml learns 71 % instead of 96 %); error_pass: mirrored trains them "
      "all, for one more factorization per step",
      all, all - off_centre / 2)};
}

}  // namespace symwave::jobs::checks
