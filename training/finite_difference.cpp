#include "training/finite_difference.hpp"

#include "domain/base/error.hpp"

namespace symwave::training {

void RefuseManyCommands(Eigen::Index commands, const FiniteDifferenceOptions& options) {
  if (commands <= options.largest_commands) return;
  base::Fail(
      "trainer finite_difference measures two losses per command and step; {} commands are more "
      "than training.finite_difference.largest_commands = {}; raise it, or use forward_mode or "
      "spsa",
      commands, options.largest_commands);
}

Measurement FiniteDifferenceGradient(Objective& objective, const CommandShare& share,
                                     const Eigen::VectorXd& commands, const std::vector<int>& batch,
                                     long step, const FiniteDifferenceOptions& options) {
  const Eigen::Index all = share.All();
  RefuseManyCommands(all, options);
  Measurement result;
  result.gradient = Eigen::VectorXd::Zero(commands.size());
  for (Eigen::Index number = 0; number < all; ++number) {
    const Eigen::Index place = share.Place(number);
    const auto probe = [&](double change, Eigen::Index second) {
      Eigen::VectorXd moved = commands;
      if (place >= 0) moved(place) += change;
      objective.Constrain(moved);
      const Measurement m = objective.Probe(
          moved, batch, static_cast<std::uint64_t>(2 * (step * all + number) + second));
      result.AddShare(m, static_cast<double>(2 * all));
      return m.loss;
    };
    const double plus = probe(options.step, 0);
    const double minus = probe(-options.step, 1);
    if (place >= 0) result.gradient(place) = (plus - minus) / (2 * options.step);
  }
  return result;
}

}  // namespace symwave::training
