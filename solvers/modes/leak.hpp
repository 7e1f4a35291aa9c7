// Why a cross-section that looks like a guide has no guided mode.
#pragma once

#include <string>

#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::modes {

/// "" where a mode of effective index `n_eff` is held by what lies at the open edges of its window,
/// of which `edge` ("-z") carries waves of the highest index, `edge_index`. Else a clause that
/// names both and says what to do, and ends in "; else ".
std::string LeakReason(double n_eff, double edge_index, const std::string& edge);

/// The same of a guide along a circle, whose way at the edge is `way` times that at `radius` [um].
std::string LeakReasonOfBend(double n_eff, double edge_index, double way, double radius);

/// Whichever a mode needs.
std::string LeakReason(const domain::Lattice& lattice, const WaveguideMode& mode);

}  // namespace symwave::solvers::modes
