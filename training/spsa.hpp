// Simultaneous perturbation stochastic approximation.
#pragma once

#include "training/command_share.hpp"
#include "training/objective.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// A perturbation of the commands of this rank: +1 or -1 each, by chance, following from (seed,
/// step, number of the command) alone.
Eigen::VectorXd SpsaDirection(const CommandShare& share, std::uint64_t seed, long step);

/// Collective on World(). Gradient estimated from the losses at c + a d and c - a d, with the
/// perturbation a and a random direction d of +-1 (Spall, IEEE Trans. Autom. Control 37 (1992)):
///   g_k = (L(c + a d) - L(c - a d)) / (2 a d_k),
/// unbiased up to the third derivatives of L. Loss and accuracy are the means of the two.
Measurement SpsaGradient(Objective& objective, const CommandShare& share,
                         const Eigen::VectorXd& commands, const std::vector<int>& batch,
                         std::uint64_t seed, long step, const SpsaOptions& options);

}  // namespace symwave::training
