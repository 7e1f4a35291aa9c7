// Gradients of phase masks in free space: forward mode, reverse and differences of the loss.
#include <gtest/gtest.h>

#include "tests/unit/training/bench_setup.hpp"
#include "training/gradient_check.hpp"

namespace symwave::training::bench {
namespace {

using testing::RandomCommands;
using testing::RandomImages;
using testing::SmallGeometry;
using testing::TestBench;

constexpr int kLayers = 3, kSamples = 5, kClasses = 3;

std::vector<int> All() {
  return {0, 1, 2, 3, 4};
}

struct Case {
  PlaneActivation activation = PlaneActivation::None;
  MaskPlace place = MaskPlace::Input;
  ImageEncoding encoding = ImageEncoding::Amplitude;
  LossKind loss = LossKind::CrossEntropy;
  bool skip = false;
  bool line = false;

  std::string Name() const {
    return std::to_string(static_cast<int>(activation)) + std::to_string(static_cast<int>(place)) +
           std::to_string(static_cast<int>(encoding)) + std::to_string(static_cast<int>(loss)) +
           std::to_string(skip) + std::to_string(line);
  }
};

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (int a = 0; a < 4; ++a) {
    for (int bits = 0; bits < 32; ++bits) {
      cases.push_back({static_cast<PlaneActivation>(a), static_cast<MaskPlace>(bits & 1),
                       static_cast<ImageEncoding>(bits >> 1 & 1),
                       static_cast<LossKind>(bits >> 2 & 1), (bits >> 3 & 1) != 0,
                       (bits >> 4 & 1) != 0});
    }
  }
  return cases;
}

PlaneEngineOptions Options(const Case& c, Side side) {
  PlaneEngineOptions options;
  options.network.layers = kLayers;
  options.network.activation = c.activation;
  options.network.encoding = c.encoding;
  options.network.skip = c.skip;
  options.network.threshold = 0.3;
  options.loss.kind = c.loss;
  options.tile = 2;
  options.error_side = side;
  return options;
}

/// The gradient of all ranks' commands, each rank's part in its place.
Eigen::VectorXd Whole(const PixelRange& layout, const Eigen::VectorXd& part) {
  Eigen::VectorXd whole = Eigen::VectorXd::Zero(kLayers * layout.All());
  for (int k = 0; k < kLayers; ++k) {
    whole.segment(k * layout.All() + layout.first, layout.count) =
        part.segment(k * layout.count, layout.count);
  }
  layout.Sum(whole);
  return whole;
}

// Forward mode = reverse = differences of the loss, for every way to encode, to launch again and to
// score, within 1e-7 (TARGETS). The difference along a direction is of fourth order; its step keeps
// rounding, 1e-16 / step, and the kinks of relu away.
TEST(BenchGradient, ForwardModeEqualsReverseEqualsDifferences) {
  const ImageDataset images = RandomImages(kSamples, kClasses);
  for (const Case& c : AllCases()) {
    SCOPED_TRACE(c.Name());
    const BenchGeometry geometry = SmallGeometry(c.place, c.line);
    TestBench<double> forward(MPI_COMM_WORLD, 1, geometry, Options(c, Side::Input), images);
    TestBench<double> reverse(MPI_COMM_WORLD, 1, geometry, Options(c, Side::Output), images);
    const Eigen::VectorXd commands = RandomCommands(forward.engine.Pixels(), kLayers, 1.0);
    const PlaneResult found = forward.engine.Learn(commands, images, All(), 0);
    const PlaneResult other = reverse.engine.Learn(commands, images, All(), 0);
    EXPECT_NEAR(found.loss, other.loss, 1e-14);
    EXPECT_LT((found.gradient - other.gradient).norm(), 1e-12 * other.gradient.norm());
    EXPECT_LT(found.defect, 1e-12);
    // Half along the gradient, half at random.
    const Eigen::VectorXd random = RandomCommands(forward.engine.Pixels(), kLayers, 1.0, 6);
    const Eigen::VectorXd direction = found.gradient.normalized() + 0.1 * random.normalized();
    const auto loss = [&](const Eigen::VectorXd& t) {
      return forward.engine.Evaluate(commands + t(0) * direction, images, All(), 0, 0).loss;
    };
    const double step = c.activation == PlaneActivation::Relu ? 1e-5 : 1e-3;
    const double expected = CentralDifference(loss, Eigen::VectorXd::Zero(1), 0, step);
    EXPECT_NEAR(found.gradient.dot(direction), expected, 1e-7 * std::abs(expected));
  }
}

// Every pixel of every mask, one by one (a line of 48).
TEST(BenchGradient, EveryPixelEqualsItsDifference) {
  const ImageDataset images = RandomImages(kSamples, kClasses);
  const Case c{PlaneActivation::Saturable, MaskPlace::Centre};
  TestBench<double> setup(MPI_COMM_WORLD, 1, SmallGeometry(c.place, true), Options(c, Side::Input),
                          images);
  const Eigen::VectorXd commands = RandomCommands(setup.engine.Pixels(), kLayers, 1.0);
  const Eigen::VectorXd found = setup.engine.Learn(commands, images, All(), 0).gradient;
  const auto loss = [&](const Eigen::VectorXd& at) {
    return setup.engine.Evaluate(at, images, All(), 0, 0).loss;
  };
  Eigen::VectorXd expected(found.size());
  for (Eigen::Index e = 0; e < found.size(); ++e) {
    expected(e) = CentralDifference(loss, commands, e, 1e-2);
  }
  EXPECT_LT((found - expected).norm(), 1e-7 * expected.norm());
}

TEST(BenchGradient, TaylorRemaindersFallWithSlopesOneAndTwo) {
  const ImageDataset images = RandomImages(kSamples, kClasses);
  for (const MaskPlace place : {MaskPlace::Input, MaskPlace::Centre}) {
    const Case c{PlaneActivation::Saturable, place};
    TestBench<double> setup(MPI_COMM_WORLD, 1, SmallGeometry(place), Options(c, Side::Input),
                            images);
    const Eigen::VectorXd commands = RandomCommands(setup.engine.Pixels(), kLayers, 1.0);
    const PlaneResult result = setup.engine.Learn(commands, images, All(), 0);
    const std::vector<double> steps{4e-3, 2e-3, 1e-3, 5e-4};
    const TaylorRemainders taylor = TaylorTest(
        [&](const Eigen::VectorXd& at) {
          return setup.engine.Evaluate(at, images, All(), 0, 0).loss;
        },
        commands, result.gradient, result.gradient.normalized(), steps);
    for (std::size_t k = 1; k < steps.size(); ++k) {
      EXPECT_NEAR(std::log2(taylor.zeroth[k - 1] / taylor.zeroth[k]), 1, 0.05);
      EXPECT_NEAR(std::log2(taylor.first[k - 1] / taylor.first[k]), 2, 0.05);
    }
  }
}

// Samples dealt to ranks, planes spread over them, tiles of any size: the same numbers as one rank.
TEST(BenchGradient, DoesNotDependOnRanksAndTiles) {
  const ImageDataset images = RandomImages(kSamples, kClasses);
  const int ranks = base::Communicator::SizeOf(MPI_COMM_WORLD);
  for (const MaskPlace place : {MaskPlace::Input, MaskPlace::Centre}) {
    for (const bool line : {false, true}) {
      const Case c{PlaneActivation::Saturable, place, ImageEncoding::Phase,
                   LossKind::CrossEntropy,     true,  line};
      PlaneEngineOptions options = Options(c, Side::Input);
      const BenchGeometry geometry = SmallGeometry(place, line);
      TestBench<double> alone(MPI_COMM_SELF, 1, geometry, options, images);
      const PlaneResult expected =
          alone.engine.Learn(RandomCommands(alone.engine.Pixels(), kLayers, 1.0), images, All(), 0);
      for (int group = 1; group <= ranks; group *= 2) {
        SCOPED_TRACE(group);
        options.tile = 3;
        TestBench<double> setup(MPI_COMM_WORLD, group, geometry, options, images);
        const Eigen::VectorXd commands = RandomCommands(setup.engine.Pixels(), kLayers, 1.0);
        const PlaneResult found = setup.engine.Learn(commands, images, All(), 0);
        EXPECT_NEAR(found.loss, expected.loss, 1e-12 * expected.loss);
        EXPECT_EQ(found.confusion, expected.confusion);
        const Eigen::VectorXd whole = Whole(setup.engine.Pixels(), found.gradient);
        EXPECT_LT((whole - expected.gradient).norm(), 1e-12 * expected.gradient.norm());
      }
    }
  }
}

// Fields of float32 keep six digits of the gradient's direction.
TEST(BenchGradient, SinglePrecision) {
  const ImageDataset images = RandomImages(kSamples, kClasses);
  const Case c{PlaneActivation::Saturable};
  const BenchGeometry geometry = SmallGeometry(c.place);
  TestBench<double> exact(MPI_COMM_WORLD, 1, geometry, Options(c, Side::Input), images);
  TestBench<float> setup(MPI_COMM_WORLD, 1, geometry, Options(c, Side::Input), images);
  const Eigen::VectorXd commands = RandomCommands(exact.engine.Pixels(), kLayers, 1.0);
  const Eigen::VectorXd expected = exact.engine.Learn(commands, images, All(), 0).gradient;
  const Eigen::VectorXd found = setup.engine.Learn(commands, images, All(), 0).gradient;
  EXPECT_LT((found - expected).norm(), 1e-5 * expected.norm());
}

}  // namespace
}  // namespace symwave::training::bench
