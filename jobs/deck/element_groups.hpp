// Elements that share a command.
#pragma once

#include <vector>

#include "jobs/deck/element_options.hpp"

namespace symwave::jobs::deck {

/// UserError where a group has phase shifters and attenuators.
void CheckElementGroups(const std::vector<ElementOptions>& elements);

}  // namespace symwave::jobs::deck
