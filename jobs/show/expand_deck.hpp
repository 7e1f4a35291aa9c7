// `symwave expand DECK`: the deck that a generator stands for.
#pragma once

#include <string>

#include "jobs/deck/schema.hpp"

namespace symwave::jobs::show {

/// The deck with shapes, ports, elements, and inputs and outputs of the network instead of its
/// chip; a run of it gives the same numbers to rounding. UserError for a deck without a chip.
std::string ExpandedDeck(const deck::Deck& deck);

}  // namespace symwave::jobs::show
