// Particle swarm optimization, the usual rival in wavefront shaping.
#pragma once

#include "training/trainer_state.hpp"

namespace symwave::training {

/// Collective on World(). Particle 0 at `commands`, the others at uniform random places about it.
SwarmState StartSwarm(const Objective& objective, const CommandShare& share,
                      const Eigen::VectorXd& commands, std::uint64_t seed,
                      const SwarmOptions& options);

/// Collective on World(). One iteration: the loss of every particle is measured, its best place and
/// that of the swarm are updated, and then the particles move (Clerc and Kennedy, 2002):
///   v <- inertia v + cognitive r1 (own best - x) + social r2 (swarm's best - x),   x <- x + v,
/// r1 and r2 uniform in 0..1 for every particle and command. Periodic commands go the shorter way
/// round. `commands` become the swarm's best place; loss and accuracy are those measured there.
Measurement SwarmStep(Objective& objective, const CommandShare& share,
                      const std::vector<int>& batch, std::uint64_t seed, long step,
                      const SwarmOptions& options, SwarmState& swarm, Eigen::VectorXd& commands);

}  // namespace symwave::training
