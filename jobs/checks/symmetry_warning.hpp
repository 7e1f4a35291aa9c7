// Forward mode on optics that are not symmetric, and symmetry that costs commands.
#pragma once

#include <string>
#include <vector>

#include "domain/elements.hpp"
#include "domain/plane_port.hpp"
#include "training/options.hpp"
#include "training/trainer_state.hpp"

namespace symwave::jobs::checks {

/// A warning where a bench on which forward mode learns is less symmetric than
/// training.symmetry_threshold before it starts; none with training.ignore_asymmetry.
void WarnOfAsymmetry(const training::TrainingOptions& training, double defect);

/// The epoch whose symmetry defect is largest; null without epochs.
const training::EpochRecord* LeastSymmetric(const std::vector<training::EpochRecord>& history);

/// A warning where the defect of the programmed optics, as measured in every epoch of `trainer`,
/// was above training.symmetry_threshold when an error field entered at the input side; it names
/// the epoch in which it was largest. None with training.ignore_asymmetry.
void WarnOfAsymmetry(const training::TrainingOptions& training, const std::string& trainer,
                     const std::vector<training::EpochRecord>& history);

/// A sentence where training.error_pass: symmetric ties the masks of a cascade in mirror pairs.
/// Forward mode launches the error at the inputs, in the place of their mirror images among the
/// outputs, and reads elements at their mirror images about x = 0: UserError where a port, an
/// element or a group has none, unless every trainer goes without or training.ignore_asymmetry says
/// so.
void RequireMirrorPairs(const training::TrainingOptions& training, const std::string& where,
                        const std::vector<domain::PlanePort>& ports, int inputs,
                        const std::vector<domain::Element>& elements);

std::vector<std::string> CascadeWarnings(const training::TrainingOptions& training,
                                         const std::vector<domain::Element>& elements);

}  // namespace symwave::jobs::checks
