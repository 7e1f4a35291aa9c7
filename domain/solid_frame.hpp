// Axes of turned bodies.
#pragma once

#include "domain/solids.hpp"

namespace symwave::domain {

/// Images of the unit vectors along x, y and z.
std::array<Vector, 3> AxesOf(const Rotation& rotation);
/// Right-handed unit vectors, the third along `direction`; those along x, y and z in another order
/// where it is one of them.
std::array<Vector, 3> AxesAlong(const Vector& direction);

}  // namespace symwave::domain
