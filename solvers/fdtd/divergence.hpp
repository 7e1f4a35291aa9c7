// Where a run diverges, and why that may be.
#pragma once

#include <array>
#include <string>

#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

/// The value of largest magnitude among all components and points.
struct LargestValue {
  domain::Component component = domain::Component::Ez;
  std::array<int, 3> point{0, 0, 0};
  double value = 0;     ///< the largest finite one
  long not_finite = 0;  ///< number of values that are infinite or not a number
};

/// Collective, the same on every rank.
LargestValue FindLargestValue(const Engine& engine);

/// Collective, the same on every rank: place, material, PML or wall of the largest value, and the
/// probable remedy. `media` may be null.
std::string DescribeDivergence(const Engine& engine, const domain::MediumMap* media);

}  // namespace symwave::solvers::fdtd
