// Telling equal planes of modes by their numbers, wherever they stand.
#pragma once

#include <array>
#include <cstdint>

#include "solvers/modes/plane_modes.hpp"

namespace symwave::solvers::modes {

/// 128 bits of a checksum.
using PlaneDigest = std::array<std::uint64_t, 2>;

/// Of all numbers that make the modes of a plane: lines, media and their slopes, frequency, step,
/// count and `cell`, the size along the axis, each to 12 digits, so that equal guides at different
/// places, whose averages of eps differ by rounding, have one digest (or, seldom, two).
PlaneDigest DigestOf(const PlaneOperator& op, const ModeRequest& request, double cell);

}  // namespace symwave::solvers::modes
