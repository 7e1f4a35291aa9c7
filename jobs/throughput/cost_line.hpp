// What an operation costs by itself and by how much of it is done, from two timings.
#pragma once

namespace symwave::jobs::throughput {

struct Timing {
  double amount = 0;
  double seconds = 0;
};

/// seconds = start + slope * amount, neither of them negative.
struct CostLine {
  double start = 0;
  double slope = 0;

  double At(double amount) const { return start + slope * amount; }
};

/// Through two timings of which `more` has the larger amount. Where noise has turned them over
/// the line has no slope and lies between them; where it would begin below zero it begins at zero
/// and ends in `more`.
CostLine LineThrough(const Timing& less, const Timing& more);

}  // namespace symwave::jobs::throughput
