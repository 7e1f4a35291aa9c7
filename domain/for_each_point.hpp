// Loops over the points of a box.
#pragma once

#include <array>

#include "domain/lattice.hpp"

namespace symwave::domain {

/// Calls visit(p) for the points {i, j, k} of a box, x fastest.
template <class Visit>
void ForEachPoint(const IndexBox& box, Visit&& visit) {
  std::array<int, 3> p{};
  for (p[2] = box.lo[2]; p[2] < box.hi[2]; ++p[2]) {
    for (p[1] = box.lo[1]; p[1] < box.hi[1]; ++p[1]) {
      for (p[0] = box.lo[0]; p[0] < box.hi[0]; ++p[0]) visit(p);
    }
  }
}

}  // namespace symwave::domain
