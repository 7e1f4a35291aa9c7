// Forward mode on optics that are not symmetric.
#pragma once

#include "training/options.hpp"

namespace symwave::jobs {

/// A warning where a bench on which forward mode learns is less symmetric than
/// training.symmetry_threshold; none with training.ignore_asymmetry.
void WarnOfAsymmetry(const training::TrainingOptions& training, double defect);

}  // namespace symwave::jobs
