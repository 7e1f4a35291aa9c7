#include "training/swarm.hpp"

#include <cmath>
#include <limits>

#include "domain/base/random.hpp"

namespace symwave::training {

namespace {

constexpr std::uint64_t swarm_stream = 0x737761726d;

std::uint64_t ParticleKey(std::uint64_t seed, long step, Eigen::Index particle) {
  const std::uint64_t key =
      base::MixSeed(base::MixSeed(seed, swarm_stream), static_cast<std::uint64_t>(step));
  return base::MixSeed(key, static_cast<std::uint64_t>(particle));
}

/// Uniform in (0, 1); two for every command.
double Chance(std::uint64_t key, std::uint64_t command, std::uint64_t which) {
  return base::ToUniform(base::MixSeed(key, 2 * command + which));
}

/// Phase in -pi ... pi.
double Wrapped(double phase) {
  return std::remainder(phase, 2 * M_PI);
}

void Measure(Objective& objective, const std::vector<int>& batch, long step, SwarmState& swarm,
             Measurement& sum) {
  const Eigen::Index particles = swarm.places.cols();
  for (Eigen::Index p = 0; p < particles; ++p) {
    const Measurement m = objective.Probe(swarm.places.col(p), batch,
                                          static_cast<std::uint64_t>(step * particles + p));
    sum.passes += m.passes;
    if (!(m.loss < swarm.best_losses(p))) continue;
    swarm.best_losses(p) = m.loss;
    swarm.best_accuracies(p) = m.accuracy;
    swarm.best_places.col(p) = swarm.places.col(p);
  }
}

void Move(const Objective& objective, const CommandShare& share, Eigen::Index best,
          std::uint64_t seed, long step, const SwarmOptions& options, SwarmState& swarm) {
  for (Eigen::Index p = 0; p < swarm.places.cols(); ++p) {
    const std::uint64_t key = ParticleKey(seed, step + 1, p);
    Eigen::VectorXd place = swarm.places.col(p);
    for (Eigen::Index c = 0; c < place.size(); ++c) {
      const bool periodic = objective.Periodic(c);
      double to_own = swarm.best_places(c, p) - place(c);
      double to_swarm = swarm.best_places(c, best) - place(c);
      if (periodic) {
        to_own = Wrapped(to_own);
        to_swarm = Wrapped(to_swarm);
      }
      const std::uint64_t number = share.Number(c);
      double& velocity = swarm.velocities(c, p);
      velocity = options.inertia * velocity + options.cognitive * Chance(key, number, 0) * to_own +
                 options.social * Chance(key, number, 1) * to_swarm;
      place(c) += velocity;
      if (periodic) place(c) = Wrapped(place(c));
    }
    objective.Constrain(place);
    swarm.places.col(p) = place;
  }
}

}  // namespace

SwarmState StartSwarm(const Objective& objective, const CommandShare& share,
                      const Eigen::VectorXd& commands, std::uint64_t seed,
                      const SwarmOptions& options) {
  SwarmState swarm;
  swarm.places.resize(commands.size(), options.particles);
  for (Eigen::Index p = 0; p < options.particles; ++p) {
    Eigen::VectorXd place = commands;
    const std::uint64_t key = ParticleKey(seed, 0, p);
    for (Eigen::Index c = 0; c < place.size() && p > 0; ++c) {
      place(c) += options.range * (2 * Chance(key, share.Number(c), 0) - 1);
    }
    objective.Constrain(place);
    swarm.places.col(p) = place;
  }
  swarm.velocities = Eigen::MatrixXd::Zero(commands.size(), options.particles);
  swarm.best_places = swarm.places;
  swarm.best_losses =
      Eigen::VectorXd::Constant(options.particles, std::numeric_limits<double>::infinity());
  swarm.best_accuracies = Eigen::VectorXd::Zero(options.particles);
  return swarm;
}

Measurement SwarmStep(Objective& objective, const CommandShare& share,
                      const std::vector<int>& batch, std::uint64_t seed, long step,
                      const SwarmOptions& options, SwarmState& swarm, Eigen::VectorXd& commands) {
  Measurement result;
  Measure(objective, batch, step, swarm, result);
  Eigen::Index best = 0;
  result.loss = swarm.best_losses.minCoeff(&best);
  result.accuracy = swarm.best_accuracies(best);
  commands = swarm.best_places.col(best);
  Move(objective, share, best, seed, step, options, swarm);
  return result;
}

}  // namespace symwave::training
