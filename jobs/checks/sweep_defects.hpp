// How far the solutions of a sweep are from what they must obey.
#pragma once

#include <vector>

#include "solvers/fdfd/simulation.hpp"

namespace symwave::jobs::checks {

/// The largest of all wavelengths, for summaries and verdicts.
struct SweepDefects {
  double reciprocity_defect = 0;
  double energy_balance_error = 0;
  double max_relative_residual = 0;
};

SweepDefects SweepDefectsOf(const std::vector<solvers::fdfd::Scattering>& sweep);

/// Warns of equations that were not solved; of what an S-matrix contradicts see WarnOfScattering.
void WarnOfResidual(const SweepDefects& defects);

}  // namespace symwave::jobs::checks
