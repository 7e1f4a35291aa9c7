// What elements do to each other: heat does not end at the outline of a heater.
#pragma once

#include <vector>

#include "domain/elements.hpp"

namespace symwave::domain {

/// Share of a unit command of element `from` that light of the guide of element `to` feels, at
/// [to * elements + from]: the integral of from's profile along the guide of `to`, over the
/// effective length of `from`. The guide runs along the middle of the outline of `to`, and counts
/// as far as `to` itself reaches. A heater on the middle of its guide has 1 of its own.
std::vector<double> Crosstalk(const std::vector<Element>& elements);

}  // namespace symwave::domain
