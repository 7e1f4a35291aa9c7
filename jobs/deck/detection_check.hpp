// Whether the named ports of classes fit the way of detection.
#pragma once

#include <string>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// UserError where a port belongs to two detectors, a class has not the detectors that
/// network.detection reads, or no class is named though it needs them. `where`: place of the
/// network in the deck.
void CheckDetection(const NetworkOptions& options, const std::string& where);

}  // namespace symwave::jobs::deck
