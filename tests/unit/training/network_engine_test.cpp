// The port basis against one launch per sample, and what a step counts.
#include "training/network_engine.hpp"

#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "tests/unit/training/matrix_optics.hpp"

namespace symwave::training::testing {
namespace {

constexpr int kPorts = 6;

class PortBasis : public ::testing::TestWithParam<ErrorPass> {};

TEST_P(PortBasis, EqualsOneLaunchPerSample) {
  // Asymmetric cascades: every pass gives another (wrong or right) gradient, the same both ways.
  Network network(MPI_COMM_WORLD, {MirrorableCascade(MPI_COMM_WORLD, kPorts, 1),
                                   AsymmetricBlock(MPI_COMM_WORLD, kPorts, 5)});
  NetworkEngine engine(network, {}, 4, 3);
  const SampleSet samples = RandomSamples(23, 4, 3, 9);
  const std::vector<int> batch{3, 1, 20, 7, 11, 0, 22};
  const Eigen::VectorXd commands = RandomVector(network.Commands(), 2);
  const Step basis = engine.TakeStep(commands, GetParam(), samples, batch, 0);
  const Step direct = engine.TakeStepDirectly(commands, GetParam(), samples, batch);
  EXPECT_NEAR(basis.loss, direct.loss, 1e-12);
  EXPECT_EQ(basis.accuracy, direct.accuracy);
  EXPECT_EQ(basis.passes, direct.passes);
  EXPECT_LT(RelativeDifference(basis.gradient, direct.gradient), 1e-10);
}

INSTANTIATE_TEST_SUITE_P(AllPasses, PortBasis,
                         ::testing::Values(ErrorPass::Symmetric, ErrorPass::Mirrored,
                                           ErrorPass::Reverse));

TEST(NetworkEngine, CountsPassesAndSolves) {
  Network network(MPI_COMM_WORLD, {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1),
                                   SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  NetworkEngine engine(network, {}, 4, 3);
  const SampleSet samples = RandomSamples(100, 4, 3, 9);
  const Eigen::VectorXd commands = RandomVector(network.Commands(), 2);
  const auto step = [&](ErrorPass pass) {
    return engine.TakeStep(commands, pass, samples, AllSamples(samples), 0);
  };
  EXPECT_EQ(step(ErrorPass::Symmetric).passes, 2 * 2 * 100);
  EXPECT_EQ(network.Spent().solves, 2 * kPorts);
  EXPECT_EQ(network.Spent().factorizations, 2);
  step(ErrorPass::Mirrored);
  EXPECT_EQ(network.Spent().solves, 2 * kPorts + 4 * kPorts);
  EXPECT_EQ(network.Spent().factorizations, 2 + 4);
  step(ErrorPass::Reverse);
  EXPECT_EQ(network.Spent().solves, 2 * kPorts + 8 * kPorts);
  EXPECT_EQ(network.Spent().factorizations, 2 + 4 + 2);
}

TEST(NetworkEngine, EvaluationAgreesWithTheStep) {
  Network network(MPI_COMM_WORLD, {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  NetworkEngine engine(network, {}, 4, 3);
  const SampleSet samples = RandomSamples(50, 4, 3, 9);
  const Eigen::VectorXd commands = RandomVector(network.Commands(), 2);
  const Step step =
      engine.TakeStep(commands, ErrorPass::Symmetric, samples, AllSamples(samples), 0);
  const SampleSums sums = engine.Evaluate(commands, samples);
  EXPECT_NEAR(sums.loss, step.loss, 1e-14);
  EXPECT_EQ(sums.Accuracy(), step.accuracy);
  EXPECT_EQ(sums.confusion.sum(), 50);
  EXPECT_EQ(sums.confusion.row(1).sum(), 17);  // true classes in rows
}

TEST(NetworkEngine, NoiseChangesTheGradientInProportion) {
  Network network(MPI_COMM_WORLD, {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1),
                                   SymmetricBlock(MPI_COMM_WORLD, kPorts, 2)});
  const SampleSet samples = RandomSamples(60, 4, 3, 9);
  const Eigen::VectorXd commands = RandomVector(network.Commands(), 2);
  const auto gradient = [&](double noise, std::uint64_t step) {
    ElectronicsOptions options;
    options.drive.detection_noise = noise;
    NetworkEngine engine(network, options, 4, 3);
    return engine.TakeStep(commands, ErrorPass::Symmetric, samples, AllSamples(samples), step)
        .gradient;
  };
  const Eigen::VectorXd clean = gradient(0, 0);
  const double small = RelativeDifference(gradient(1e-5, 0), clean);
  EXPECT_NEAR(RelativeDifference(gradient(1e-4, 0), clean) / small, 10, 0.5);
  EXPECT_EQ(gradient(1e-3, 4), gradient(1e-3, 4));
  EXPECT_NE(gradient(1e-3, 4), gradient(1e-3, 5));
}

TEST(Network, RefusesBlocksThatDoNotFit) {
  EXPECT_THROW(Network(MPI_COMM_WORLD, {SymmetricBlock(MPI_COMM_WORLD, 4, 1),
                                        SymmetricBlock(MPI_COMM_WORLD, 5, 2)}),
               base::UserError);
}

TEST(Network, RefusesAnErrorAtTheInputOfARectangularBlock) {
  Network network(MPI_COMM_WORLD,
                  {std::make_shared<MatrixOptics>(
                      MPI_COMM_WORLD, std::vector<Eigen::MatrixXcd>{RandomCore(6, 1),
                                                                    RandomCore(6, 2).topRows(4)})});
  const Eigen::VectorXd commands = RandomVector(network.Commands(), 2);
  EXPECT_THROW(network.Measure(commands, ErrorPass::Symmetric), base::UserError);
  EXPECT_NO_THROW(network.Measure(commands, ErrorPass::Reverse));
}

}  // namespace
}  // namespace symwave::training::testing
