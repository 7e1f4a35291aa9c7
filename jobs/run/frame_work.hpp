// What pictures and field files add to the work of a run.
#pragma once

#include "jobs/deck/options.hpp"
#include "jobs/run/work.hpp"

namespace symwave::jobs::run {

/// Adds to `work`, whose `frames` say what its job offers, the seconds and bytes of what the deck
/// takes of them, and a sentence on what no rate is known of: frames by the clock, and ParaView.
void AddFrames(Work& work, const deck::DeckOptions& options);

}  // namespace symwave::jobs::run
