// The ports of a device that a network uses.
#pragma once

#include <string>
#include <vector>

#include "jobs/deck/options.hpp"

namespace symwave::jobs::deck {

/// Numbers of the ports of a network's inputs and outputs, in its order.
std::vector<size_t> InputPorts(const DeviceOptions& options);
std::vector<size_t> OutputPorts(const DeviceOptions& options);

/// UserError where network.inputs or outputs name a port that is not there or twice, and where one
/// side has none. `where`: place of the job in the deck.
void CheckNetworkPorts(const DeviceOptions& options, const std::string& where);

}  // namespace symwave::jobs::deck
