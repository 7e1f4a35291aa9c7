// The gradient by launches alone against central differences of the loss, on symmetric, asymmetric
// and mirrorable devices.
#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "tests/unit/training/matrix_optics.hpp"
#include "training/gradient_check.hpp"

namespace symwave::training::testing {
namespace {

constexpr int kPorts = 6;
using Blocks = std::vector<std::shared_ptr<OpticalSystem>>;

/// A network, samples and commands to compare the passes on.
struct Problem {
  explicit Problem(Blocks blocks, ElectronicsOptions options = {})
      : network(MPI_COMM_WORLD, std::move(blocks)),
        engine(network, options, 3, 3),
        samples(RandomSamples(13, 3, 3, 5)),
        commands(RandomVector(network.Commands(), 21)) {}

  Eigen::VectorXd Gradient(ErrorPass pass) {
    return engine.TakeStep(commands, pass, samples, AllSamples(samples), 0).gradient;
  }
  Eigen::VectorXd Difference() { return DifferenceGradient(engine, commands, samples); }

  Network network;
  NetworkEngine engine;
  SampleSet samples;
  Eigen::VectorXd commands;
};

// Tolerance of all comparisons: rounding over the step of the fourth-order difference, 1e-16 /
// 1e-3, and its truncation, 1e-12.
constexpr double kTolerance = 1e-7;

TEST(Gradient, SymmetricBlocksForwardReverseAndDifferenceAgree) {
  Problem problem(
      {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  const Eigen::VectorXd expected = problem.Difference();
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), expected), kTolerance);
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Reverse), expected), kTolerance);
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Mirrored), expected), kTolerance);
}

TEST(Gradient, OneChipProgrammedForEveryBlock) {
  const auto chip = SymmetricBlock(MPI_COMM_WORLD, kPorts, 1);
  Problem problem({chip, chip, chip});
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), problem.Difference()),
            kTolerance);
}

TEST(Gradient, AttenuatorsAndPhases) {
  Problem problem({SymmetricBlock(MPI_COMM_WORLD, kPorts, 3, true),
                   SymmetricBlock(MPI_COMM_WORLD, kPorts, 4, true)});
  problem.commands = problem.commands.cwiseAbs() * 0.5;
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), problem.Difference()),
            kTolerance);
}

TEST(Gradient, EveryEncodingAndLoss) {
  for (const Encoding kind : {Encoding::Phase, Encoding::Amplitude}) {
    for (const bool add_features : {false, true}) {
      for (const LossKind loss : {LossKind::CrossEntropy, LossKind::MeanSquare}) {
        ElectronicsOptions options;
        options.encoding.kind = kind;
        options.reencoding.kind = kind;
        options.reencoding.activation = Activation::Saturable;
        options.reencoding.add_features = add_features;
        options.loss.kind = loss;
        Problem problem(
            {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)},
            options);
        EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), problem.Difference()),
                  kTolerance);
      }
    }
  }
}

TEST(Gradient, EveryDetection) {
  const std::vector<DetectionOptions> kinds{
      {Detection::Intensity, 0, {{{4, 0}, {}}, {{1}, {}}, {{3}, {}}}},
      {Detection::Difference, 0, {{{4}, {0}}, {{1}, {2}}, {{3}, {5}}}},
      {Detection::Coherent, 0.4, {{{4}, {}}, {{1}, {}}, {{3}, {}}}}};
  for (const DetectionOptions& detection : kinds) {
    for (const LossKind loss : {LossKind::CrossEntropy, LossKind::MeanSquare}) {
      ElectronicsOptions options;
      options.detection = detection;
      options.loss = {loss, 3};
      Problem problem(
          {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)},
          options);
      const Eigen::VectorXd expected = problem.Difference();
      EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), expected), kTolerance);
      EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Reverse), expected), kTolerance);
    }
  }
}

// Negative control: with the error at the input side of an asymmetric device the gradient is wrong;
// launched at the output side it is right again.
TEST(Gradient, AsymmetricDeviceIsWrongAndReverseRepairsIt) {
  Problem problem(
      {AsymmetricBlock(MPI_COMM_WORLD, kPorts, 1), AsymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  const Eigen::VectorXd expected = problem.Difference();
  const Eigen::VectorXd wrong = problem.Gradient(ErrorPass::Symmetric);
  EXPECT_GT(RelativeDifference(wrong, expected), 0.5);
  EXPECT_LT(GradientCosine(wrong, expected), 0.8);
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Reverse), expected), kTolerance);
}

TEST(Gradient, CascadeIsRepairedByMirroredCommands) {
  Problem problem(
      {MirrorableCascade(MPI_COMM_WORLD, kPorts, 1), MirrorableCascade(MPI_COMM_WORLD, kPorts, 2)});
  const Eigen::VectorXd expected = problem.Difference();
  EXPECT_GT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), expected), 0.5);
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Mirrored), expected), kTolerance);
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Reverse), expected), kTolerance);
}

// Masks tied palindromically: the cascade is symmetric and the same device serves both passes.
TEST(Gradient, PalindromicCascadeIsSymmetric) {
  Problem problem({MirrorableCascade(MPI_COMM_WORLD, kPorts, 1)});
  problem.commands.tail(kPorts) = problem.commands.head(kPorts);
  EXPECT_LT(RelativeDifference(problem.Gradient(ErrorPass::Symmetric), problem.Difference()),
            kTolerance);
}

TEST(Gradient, TaylorRemaindersFallWithSlopesOneAndTwo) {
  Problem problem(
      {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1), SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  const auto loss = [&](const Eigen::VectorXd& commands) {
    return problem.engine.Evaluate(commands, problem.samples).loss;
  };
  const Eigen::VectorXd direction = RandomVector(problem.network.Commands(), 8);
  const TaylorRemainders remainders = TaylorTest(
      loss, problem.commands, problem.Gradient(ErrorPass::Symmetric), direction, {1e-3, 5e-4});
  EXPECT_NEAR(std::log2(remainders.zeroth[0] / remainders.zeroth[1]), 1, 0.05);
  EXPECT_NEAR(std::log2(remainders.first[0] / remainders.first[1]), 2, 0.05);
}

TEST(Asymmetry, IsMeasuredAndRefused) {
  Problem symmetric({SymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  Problem asymmetric({AsymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  const auto defects = [](Problem& problem, ErrorPass pass) {
    return problem.engine
        .TakeStep(problem.commands, pass, problem.samples, AllSamples(problem.samples), 0)
        .defects;
  };
  EXPECT_LT(defects(symmetric, ErrorPass::Symmetric)[0], 1e-14);
  EXPECT_LT(defects(asymmetric, ErrorPass::Reverse)[0], 1e-14);
  const std::vector<double> large = defects(asymmetric, ErrorPass::Symmetric);
  EXPECT_GT(large[0], 0.5);
  EXPECT_NO_THROW(RefuseAsymmetry(large, ErrorPass::Reverse, 0.1));
  EXPECT_NO_THROW(RefuseAsymmetry({0.05}, ErrorPass::Symmetric, 0.1));
  try {
    RefuseAsymmetry({0.25}, ErrorPass::Symmetric, 0.1);
    FAIL();
  } catch (const base::UserError& error) {
    const std::string sentence = error.what();
    for (const char* part : {"0.25", "0.1", "mirrored", "ignore_asymmetry"}) {
      EXPECT_NE(sentence.find(part), std::string::npos) << sentence;
    }
  }
}

}  // namespace
}  // namespace symwave::training::testing
