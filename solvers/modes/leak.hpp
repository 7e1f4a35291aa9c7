// Why a cross-section that looks like a guide has no guided mode.
#pragma once

#include <string>

namespace symwave::solvers::modes {

/// "" where a mode of effective index `n_eff` is held by what lies at the open edges of its window,
/// of which `edge` ("-z") carries waves of the highest index, `edge_index`. Else a clause that
/// names both and says what to do, and ends in "; else ".
std::string LeakReason(double n_eff, double edge_index, const std::string& edge);

}  // namespace symwave::solvers::modes
