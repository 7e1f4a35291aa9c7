// A part of a frame, thinned.
#pragma once

#include <array>
#include <limits>

#include "io/field_frame.hpp"

namespace symwave::io {

/// Which points of a frame are taken: along each axis those from `low` to `high` [um], and of these
/// every `stride`-th from the first on; of fewer points than that the first and the last. Where no
/// point lies between, the one nearest to their middle.
struct FrameCut {
  static constexpr double kFar = std::numeric_limits<double>::infinity();
  std::array<double, 3> low{-kFar, -kFar, -kFar};
  std::array<double, 3> high{kFar, kFar, kFar};
  int stride = 1;
  bool Whole() const;
};

/// Not collective. A rank without points in it has a part of none. UserError, the same on every
/// rank, where the box lies a cell or more outside of the points along an axis.
FieldFrame Cut(const FieldFrame& frame, const FrameCut& cut);

}  // namespace symwave::io
