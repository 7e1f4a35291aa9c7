// What cannot work along a periodic axis, since light that leaves comes back on the other side.
#pragma once

#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// UserError with file:line for chips on periodic axes, ports that face along one, beams that are
/// launched along one, and diffraction orders that would leave along one.
void CheckPeriodicAxes(const DeckOptions& options);

/// UserError where the options name no plane across a periodic grid, on which orders are counted.
void CheckDiffractionPlane(const DeckOptions& options, const std::string& where,
                           const DiffractionOptions& plane);

}  // namespace symwave::jobs::deck
