// The central claim: on a full-wave chip the error field launched at the *input* side gives the
// true gradient if, and only if, the symmetry that this needs is there.
#include <gtest/gtest.h>

#include "tests/verification/small_chip.hpp"
#include "training/gradient_check.hpp"

namespace symwave::verification {
namespace {

using training::ErrorPass;

training::ElectronicsOptions Electronics() {
  training::ElectronicsOptions options;
  options.loss.gain = 8;
  options.reencoding.gain = 2;
  return options;
}

/// A network of `blocks` equal chips.
struct Fixture {
  SmallChip chip;
  training::Network network;
  training::NetworkEngine engine;
  training::SampleSet samples = SomeSamples();
  std::vector<int> all = training::AllSamples(samples);
  Eigen::VectorXd commands;

  Fixture(const SmallChip& made, int blocks)
      : chip(MPI_COMM_WORLD, made.design.ports, made.design.masks,
             !made.options.device.media.mirror_symmetric, made.options.condensation,
             made.design.attenuators),
        network(MPI_COMM_WORLD,
                std::vector<std::shared_ptr<training::OpticalSystem>>(blocks, chip.Make())),
        engine(network, Electronics(), 3, 2),
        commands(SomeCommands(network.Commands())) {
    // Attenuators work above zero.
    for (int c = 0; c < commands.size(); ++c) {
      if (!chip.Phases(c % chip.Elements())) commands[c] = 0.3 + 0.2 * std::abs(commands[c]);
    }
  }

  Eigen::VectorXd Gradient(ErrorPass pass) {
    return engine.TakeStep(commands, pass, samples, all, 0).gradient;
  }
  double Difference(int element) {
    return training::CentralDifference(
        [&](const Eigen::VectorXd& c) { return engine.Evaluate(c, samples).loss; }, commands,
        element, 1e-3);
  }
};

double Relative(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return (a - b).norm() / b.norm();
}

TEST(ForwardMode, EqualsReverseAndDifferencesOnASymmetricChip) {
  Fixture fixture(SmallChip(MPI_COMM_WORLD, 4, 1, false), 2);
  const Eigen::VectorXd forward = fixture.Gradient(ErrorPass::Symmetric);
  const Eigen::VectorXd reverse = fixture.Gradient(ErrorPass::Reverse);
  EXPECT_LT(Relative(forward, reverse), 1e-9);
  for (const int e : {0, 2, 5}) {
    // Fourth-order differences; what is left is rounding of the loss over the step.
    EXPECT_NEAR(forward[e], fixture.Difference(e), 1e-7 * forward.norm());
  }
  std::printf("symmetric chip: forward mode against reverse %.1e, against differences %.1e\n",
              Relative(forward, reverse),
              std::abs(forward[0] - fixture.Difference(0)) / forward.norm());
}

TEST(ForwardMode, IsRightForAttenuatorsToo) {
  Fixture fixture(SmallChip(MPI_COMM_WORLD, 3, 1, false, true, true), 1);
  const Eigen::VectorXd forward = fixture.Gradient(ErrorPass::Symmetric);
  for (int e = 0; e < fixture.chip.Elements(); ++e) {
    EXPECT_NEAR(forward[e], fixture.Difference(e), 1e-7 * forward.norm()) << "element " << e;
  }
}

TEST(ForwardMode, IsWrongOnAnAsymmetricChipAndReverseRepairsIt) {
  Fixture fixture(SmallChip(MPI_COMM_WORLD, 4, 1, true), 1);
  const Eigen::VectorXd forward = fixture.Gradient(ErrorPass::Symmetric);
  const Eigen::VectorXd reverse = fixture.Gradient(ErrorPass::Reverse);
  EXPECT_GT(Relative(forward, reverse), 0.1) << "negative control";
  for (const int e : {0, 3}) {
    EXPECT_NEAR(reverse[e], fixture.Difference(e), 1e-7 * reverse.norm());
  }
  std::printf("asymmetric chip: forward mode is off by %.0f %%, cosine %.3f\n",
              100 * Relative(forward, reverse), training::GradientCosine(forward, reverse));
}

TEST(ForwardMode, NeedsTheMirroredProgramOnACascade) {
  Fixture fixture(SmallChip(MPI_COMM_WORLD, 3, 2, false), 1);
  const Eigen::VectorXd symmetric = fixture.Gradient(ErrorPass::Symmetric);
  const Eigen::VectorXd mirrored = fixture.Gradient(ErrorPass::Mirrored);
  const Eigen::VectorXd reverse = fixture.Gradient(ErrorPass::Reverse);
  EXPECT_GT(Relative(symmetric, reverse), 0.1) << "the masks differ: negative control";
  // Unknown offsets stand in the masks, so the mirrored program is not the mirror image of the
  // device; without them it is.
  EXPECT_GT(Relative(mirrored, reverse), 0.01);
  for (int e = 0; e < fixture.chip.Elements(); ++e) {
    EXPECT_NEAR(reverse[e], fixture.Difference(e), 1e-7 * reverse.norm());
  }
}

TEST(ForwardMode, MirroredProgramIsExactWithoutUnknownOffsets) {
  SmallChip chip(MPI_COMM_WORLD, 3, 2, false);
  chip.options.drive = training::chip::IdealActuatorResponse(chip.Elements());
  training::Network network(MPI_COMM_WORLD, {chip.Make()});
  training::NetworkEngine engine(network, Electronics(), 3, 2);
  const training::SampleSet samples = SomeSamples();
  const auto all = training::AllSamples(samples);
  const Eigen::VectorXd commands = SomeCommands(network.Commands());
  const auto mirrored = engine.TakeStep(commands, ErrorPass::Mirrored, samples, all, 0).gradient;
  const auto reverse = engine.TakeStep(commands, ErrorPass::Reverse, samples, all, 0).gradient;
  EXPECT_LT(Relative(mirrored, reverse), 1e-9);
}

TEST(PortBasis, EqualsOnePairOfSolvesPerSample) {
  Fixture fixture(SmallChip(MPI_COMM_WORLD, 3, 1, false), 2);
  const auto basis = fixture.engine.TakeStep(fixture.commands, ErrorPass::Symmetric,
                                             fixture.samples, fixture.all, 0);
  const auto direct = fixture.engine.TakeStepDirectly(fixture.commands, ErrorPass::Symmetric,
                                                      fixture.samples, fixture.all);
  EXPECT_NEAR(basis.loss, direct.loss, 1e-10);
  EXPECT_LT(Relative(basis.gradient, direct.gradient), 1e-10);
}

TEST(Gradient, PassesTheTaylorTest) {
  Fixture fixture(SmallChip(MPI_COMM_WORLD, 3, 1, false), 1);
  const Eigen::VectorXd gradient = fixture.Gradient(ErrorPass::Symmetric);
  const Eigen::VectorXd direction = gradient.normalized();
  const auto remainders = training::TaylorTest(
      [&](const Eigen::VectorXd& c) { return fixture.engine.Evaluate(c, fixture.samples).loss; },
      fixture.commands, gradient, direction, {2e-2, 1e-2, 5e-3});
  EXPECT_NEAR(std::log2(remainders.zeroth[1] / remainders.zeroth[2]), 1.0, 0.1);
  EXPECT_NEAR(std::log2(remainders.first[1] / remainders.first[2]), 2.0, 0.1);
}

}  // namespace
}  // namespace symwave::verification
