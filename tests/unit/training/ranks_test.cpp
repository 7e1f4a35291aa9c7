// Results do not depend on the ranks: the network spread over all of them, over groups, or repeated
// on each one alone.
#include <gtest/gtest.h>

#include "domain/base/communicator.hpp"
#include "tests/unit/training/matrix_optics.hpp"

namespace symwave::training::testing {
namespace {

constexpr int kPorts = 5;
constexpr int kBlocks = 3;

ElectronicsOptions Noisy() {
  ElectronicsOptions options;
  options.drive.detection_noise = 0.05;
  return options;
}

Step StepOn(Network& network) {
  NetworkEngine engine(network, Noisy(), 4, 3);
  const SampleSet samples = RandomSamples(37, 4, 3, 9);
  return engine.TakeStep(RandomVector(network.Commands(), 2), ErrorPass::Symmetric, samples,
                         AllSamples(samples), 6);
}

Step StepAlone() {
  std::vector<std::shared_ptr<OpticalSystem>> blocks;
  for (int b = 0; b < kBlocks; ++b) blocks.push_back(SymmetricBlock(MPI_COMM_SELF, kPorts, 10 + b));
  Network network(MPI_COMM_SELF, blocks);
  return StepOn(network);
}

void ExpectSame(const Step& found, const Step& expected) {
  EXPECT_NEAR(found.loss, expected.loss, 1e-13);
  EXPECT_EQ(found.accuracy, expected.accuracy);
  EXPECT_EQ(found.passes, expected.passes);
  EXPECT_LT(RelativeDifference(found.gradient, expected.gradient), 1e-12);
}

TEST(Ranks, AllRanksShareEveryBlock) {
  std::vector<std::shared_ptr<OpticalSystem>> blocks;
  for (int b = 0; b < kBlocks; ++b)
    blocks.push_back(SymmetricBlock(MPI_COMM_WORLD, kPorts, 10 + b));
  Network network(MPI_COMM_WORLD, blocks);
  ExpectSame(StepOn(network), StepAlone());
}

TEST(Ranks, GroupsOwnBlocks) {
  const int rank = base::Communicator::RankIn(MPI_COMM_WORLD);
  const int groups = std::min(2, base::Communicator::SizeOf(MPI_COMM_WORLD));
  const int group = rank % groups;
  const auto comm = base::Communicator::Split(MPI_COMM_WORLD, group);
  std::vector<std::shared_ptr<OpticalSystem>> blocks(kBlocks);
  for (int b = group; b < kBlocks; b += groups) {
    blocks[static_cast<std::size_t>(b)] = SymmetricBlock(comm.Get(), kPorts, 10 + b);
  }
  Network network(MPI_COMM_WORLD, blocks);
  const Step step = StepOn(network);
  ExpectSame(step, StepAlone());
  EXPECT_EQ(network.Spent().solves, kBlocks * kPorts);

  const SampleSet samples = RandomSamples(37, 4, 3, 9);
  NetworkEngine engine(network, {}, 4, 3);
  const Eigen::VectorXd commands = RandomVector(network.Commands(), 2);
  const auto all = AllSamples(samples);
  EXPECT_LT(RelativeDifference(
                engine.TakeStep(commands, ErrorPass::Mirrored, samples, all, 0).gradient,
                engine.TakeStepDirectly(commands, ErrorPass::Mirrored, samples, all).gradient),
            1e-10);
}

TEST(Ranks, GradientIsTheSameToTheLastBitOnEveryRank) {
  Network network(MPI_COMM_WORLD, {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  const Step step = StepOn(network);
  Eigen::VectorXd first = step.gradient;
  MPI_Bcast(first.data(), static_cast<int>(first.size()), MPI_DOUBLE, 0, MPI_COMM_WORLD);
  EXPECT_EQ(first, step.gradient);
}

TEST(Ranks, MoreRanksThanSamples) {
  Network network(MPI_COMM_WORLD, {SymmetricBlock(MPI_COMM_WORLD, kPorts, 1)});
  NetworkEngine engine(network, {}, 4, 3);
  const SampleSet samples = RandomSamples(3, 4, 3, 9);
  const Step step =
      engine.TakeStep(RandomVector(network.Commands(), 2), ErrorPass::Symmetric, samples, {1}, 0);
  EXPECT_TRUE(std::isfinite(step.loss));
  EXPECT_GT(step.gradient.norm(), 0);
}

}  // namespace
}  // namespace symwave::training::testing
