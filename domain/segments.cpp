#include "domain/segments.hpp"

#include <cmath>

namespace symwave::domain {

double Segment::Profile(double x) const {
  const double inside = 0.5 * length - std::abs(x - centre.x);
  if (inside <= 0) return 0;
  if (inside >= switching) return 1;
  const double pi = std::acos(-1.0);
  return 0.5 * (1 - std::cos(pi * inside / switching));
}

}  // namespace symwave::domain
