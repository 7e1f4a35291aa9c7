#include "jobs/throughput/cost_line.hpp"

namespace symwave::jobs::throughput {

CostLine LineThrough(const Timing& less, const Timing& more) {
  const double slope = (more.seconds - less.seconds) / (more.amount - less.amount);
  const double start = less.seconds - slope * less.amount;
  if (slope <= 0) return {0.5 * (less.seconds + more.seconds), 0};
  if (start < 0) return {0, more.seconds / more.amount};
  return {start, slope};
}

}  // namespace symwave::jobs::throughput
