// What the composition of a device leaves out, by the device as a whole.
#pragma once

#include <Eigen/Dense>

#include "jobs/train/chip/whole_block.hpp"

namespace symwave::jobs::train::chip {

/// norm(composed - whole) / norm(whole) of the light at all outputs, when one launch lights all
/// inputs with amplitudes drawn at random: an estimate of the same of the S-matrices. `composed`:
/// [output, input]; `media`: of the whole device, programmed in the same way. Collective.
double CompositionDefect(WholeBlock& block, const domain::PermittivityMap& media,
                         const Eigen::MatrixXcd& composed);

/// Warns where commands learnt on the composed device are not those of the whole one. `when`: "at
/// rest", "as trained".
void WarnOfComposition(double defect, const char* when);

}  // namespace symwave::jobs::train::chip
