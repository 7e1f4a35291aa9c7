// How long the runs of a sweep take beside each other.
#pragma once

#include "jobs/deck/options.hpp"

namespace symwave::jobs::sweep {

/// In a unit of its own: cells times steps times runs in the time domain, cells^1.5 (2D) times
/// wavelengths in the frequency domain, times epochs and trainers of a training. It puts members of
/// one deck into an order and knows nothing of the machine.
double PredictedCost(const deck::DeckOptions& options);

}  // namespace symwave::jobs::sweep
