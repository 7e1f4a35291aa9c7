// The gradient by central differences of losses, for small numbers of commands.
#pragma once

#include "training/command_share.hpp"
#include "training/objective.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// UserError above `options.largest_commands`.
void RefuseManyCommands(Eigen::Index commands, const FiniteDifferenceOptions& options);

/// Collective on World(). g_k = (L(c + h e_k) - L(c - h e_k)) / (2 h) for all commands, two losses
/// each. Loss and accuracy are the means over the probes.
Measurement FiniteDifferenceGradient(Objective& objective, const CommandShare& share,
                                     const Eigen::VectorXd& commands, const std::vector<int>& batch,
                                     long step, const FiniteDifferenceOptions& options);

}  // namespace symwave::training
