#include "jobs/checks/sweep_defects.hpp"

#include <algorithm>

#include "domain/base/log.hpp"

namespace symwave::jobs::checks {

SweepDefects SweepDefectsOf(const std::vector<solvers::fdfd::Scattering>& sweep) {
  SweepDefects defects;
  for (const solvers::fdfd::Scattering& point : sweep) {
    defects.reciprocity_defect = std::max(defects.reciprocity_defect, point.reciprocity_defect);
    defects.max_relative_residual =
        std::max(defects.max_relative_residual, point.relative_residual);
    for (const auto& power : point.power) {
      defects.energy_balance_error = std::max(defects.energy_balance_error, power.balance_error);
    }
  }
  return defects;
}

void WarnOfResidual(const SweepDefects& defects) {
  if (!(defects.max_relative_residual < 1e-6)) {
    base::Warn("the residual of the solution is {:.1e}: do not trust these results",
               defects.max_relative_residual);
  }
}

}  // namespace symwave::jobs::checks
