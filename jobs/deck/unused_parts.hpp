// What a deck gives although its job, or its solver, does not use it.
#pragma once

#include <string>
#include <vector>

#include "io/deck.hpp"
#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// Sections that the job does not use.
std::vector<std::string> UnusedSections(const DeckOptions& options);

/// Keys of `solver` that belong to the other method; of a training, which solves both ways, none.
std::vector<std::string> OtherSolverKeys(const DeckOptions& options);

/// A sentence with the place for each of these that the deck gives, and for sources without
/// monitors.
std::vector<std::string> UnusedParts(const DeckOptions& options, const io::DeckNode& root);

}  // namespace symwave::jobs::deck
