// Why a cross-section that looks like a guide has no guided mode.
#pragma once

#include <string>

#include "solvers/modes/waveguide.hpp"

namespace symwave::solvers::modes {

/// Of a mode of effective index `n_eff` that is not guided, since at the open edges of its window,
/// of which `edge` ("-z") has the highest, waves have an index of up to `edge_index`: a clause that
/// names both and says what to do, and ends in "; else ". "" without open edges.
std::string LeakReason(double n_eff, double edge_index, const std::string& edge);

/// The same at the outer edge of a guide along a circle, whose way there is `way` times that at
/// `radius` [um].
std::string LeakReasonOfBend(double n_eff, double edge_index, double way, double radius);

/// Whichever a mode needs.
std::string LeakReason(const domain::Lattice& lattice, const WaveguideMode& mode);

}  // namespace symwave::solvers::modes
