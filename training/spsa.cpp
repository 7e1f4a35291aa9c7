#include "training/spsa.hpp"

#include "domain/base/random.hpp"

namespace symwave::training {

namespace {

constexpr std::uint64_t spsa_stream = 0x73707361;

}  // namespace

Eigen::VectorXd SpsaDirection(const CommandShare& share, std::uint64_t seed, long step) {
  const std::uint64_t key =
      base::MixSeed(base::MixSeed(seed, spsa_stream), static_cast<std::uint64_t>(step));
  Eigen::VectorXd direction(share.Size());
  for (Eigen::Index c = 0; c < direction.size(); ++c) {
    direction(c) = base::MixSeed(key, share.Number(c)) >> 63 ? 1.0 : -1.0;
  }
  return direction;
}

Measurement SpsaGradient(Objective& objective, const CommandShare& share,
                         const Eigen::VectorXd& commands, const std::vector<int>& batch,
                         std::uint64_t seed, long step, const SpsaOptions& options) {
  const Eigen::VectorXd direction = SpsaDirection(share, seed, step);
  const auto probe = [&](double perturbation, int number) {
    Eigen::VectorXd moved = commands + perturbation * direction;
    objective.Constrain(moved);
    return objective.Probe(moved, batch, static_cast<std::uint64_t>(2 * step + number));
  };
  const Measurement plus = probe(options.perturbation, 0);
  const Measurement minus = probe(-options.perturbation, 1);
  Measurement result;
  result.AddShare(plus, 2);
  result.AddShare(minus, 2);
  // 1 / d = d
  result.gradient = (plus.loss - minus.loss) / (2 * options.perturbation) * direction;
  return result;
}

}  // namespace symwave::training
