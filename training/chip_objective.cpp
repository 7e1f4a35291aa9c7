#include "training/chip_objective.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/error.hpp"

namespace symwave::training {

namespace {

// Command of the element at the mirror image of `element`, itself when it stands in the centre.
int MirrorCommand(const BlockShape& shape, int element) {
  return shape.first_command + shape.mirror_images[static_cast<std::size_t>(element)];
}

/// Calls work(command, command of the mirror image) once for every pair.
template <class Work>
void ForPairs(const Network& network, Work&& work) {
  for (int b = 0; b < network.Blocks(); ++b) {
    const BlockShape& shape = network.Shape(b);
    for (int e = 0; e < shape.elements; ++e) {
      const int command = shape.first_command + e;
      const int image = MirrorCommand(shape, e);
      if (image > command) work(command, image);
    }
  }
}

}  // namespace

ChipObjectiveOptions MakeChipOptions(TrainerKind kind, const TrainingOptions& training) {
  if (kind == TrainerKind::PhysicsAware) {
    base::Fail(
        "trainer physics_aware is for benches, a chip has none; use forward_mode, in_silico, "
        "reverse, spsa, swarm or finite_difference");
  }
  ChipObjectiveOptions options;
  options.error_pass = kind == TrainerKind::Reverse ? ErrorPass::Reverse : training.error_pass;
  options.tied = training.error_pass == ErrorPass::Symmetric;
  options.symmetry_threshold = training.symmetry_threshold;
  options.ignore_asymmetry = training.ignore_asymmetry;
  return options;
}

ChipObjective::ChipObjective(NetworkEngine& engine, const SampleSet& train, const SampleSet& test,
                             const ChipObjectiveOptions& options)
    : engine_(engine), train_(train), test_(test), options_(options) {
  const Network& network = engine_.Optics();
  for (int b = 0; b < network.Blocks(); ++b) {
    const std::vector<bool>& attenuators = network.Shape(b).attenuators;
    attenuators_.insert(attenuators_.end(), attenuators.begin(), attenuators.end());
  }
}

bool ChipObjective::Periodic(Eigen::Index command) const {
  return !attenuators_[static_cast<std::size_t>(command)];
}

// A tied pair moves together: both get the sum of their gradients.
void ChipObjective::Tie(Eigen::VectorXd& gradient) const {
  ForPairs(engine_.Optics(), [&](int command, int image) {
    gradient(command) += gradient(image);
    gradient(image) = gradient(command);
  });
}

void ChipObjective::Constrain(Eigen::VectorXd& commands) const {
  if (options_.tied) {
    ForPairs(engine_.Optics(),
             [&](int command, int image) { commands(image) = commands(command); });
  }
  for (Eigen::Index c = 0; c < commands.size(); ++c) {
    if (!Periodic(c)) commands(c) = std::max(0.0, commands(c));
  }
}

Measurement ChipObjective::Learn(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                                 std::uint64_t step) {
  Step taken = engine_.TakeStep(commands, options_.error_pass, train_, batch, step);
  if (step == 0 && !options_.ignore_asymmetry) {
    RefuseAsymmetry(taken.defects, options_.error_pass, options_.symmetry_threshold);
  }
  learned_ = commands;
  responses_ = std::move(taken.responses);
  Measurement result;
  result.loss = taken.loss;
  result.accuracy = taken.accuracy;
  result.defect = *std::max_element(taken.defects.begin(), taken.defects.end());
  result.gradient = std::move(taken.gradient);
  if (options_.tied) Tie(result.gradient);
  result.passes = taken.passes;
  return result;
}

Measurement ChipObjective::Probe(const Eigen::VectorXd& commands, const std::vector<int>& batch,
                                 std::uint64_t step) {
  const SampleSums sums = engine_.Probe(commands, train_, batch, step);
  Measurement result;
  result.loss = sums.loss;
  result.accuracy = sums.Accuracy();
  result.passes = static_cast<long>(engine_.Optics().Blocks()) * static_cast<long>(batch.size());
  return result;
}

Measurement ChipObjective::Test(const Eigen::VectorXd& commands, std::uint64_t step) {
  const bool known = commands.size() == learned_.size() && commands == learned_;
  const SampleSums sums =
      known ? engine_.Evaluate(responses_, test_, step) : engine_.Evaluate(commands, test_, step);
  Measurement result;
  result.loss = sums.loss;
  result.accuracy = sums.Accuracy();
  result.passes = static_cast<long>(engine_.Optics().Blocks()) * test_.Samples();
  return result;
}

}  // namespace symwave::training
