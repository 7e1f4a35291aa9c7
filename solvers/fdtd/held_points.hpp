// Which global points a rank holds, as itself or as a periodic image.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"

namespace symwave::solvers::fdtd {

/// True when point `i` of an axis, moved by any number of periods where the axis is periodic, lies
/// in `held`, which may reach beyond the lattice (Engine::Held()).
bool HoldsAlong(const domain::Lattice& lattice, const domain::IndexBox& held, int axis, int i);

bool Holds(const domain::Lattice& lattice, const domain::IndexBox& held,
           const std::array<int, 3>& point);

/// Point `i` of an axis and its periodic images, as far as they lie in `held`.
std::vector<int> ImagesAlong(const domain::Lattice& lattice, const domain::IndexBox& held, int axis,
                             int i);

/// The points of begin..end (half-open) of an axis that are held.
std::vector<int> HeldAlong(const domain::Lattice& lattice, const domain::IndexBox& held, int axis,
                           int begin, int end);

}  // namespace symwave::solvers::fdtd
