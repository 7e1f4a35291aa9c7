#include "training/detection.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace symwave::training {
namespace {

constexpr int kSamples = 20000;

struct Detection : ::testing::Test {
  Detection() : numbers(kSamples), launched(kSamples, 4), measured(kSamples, 4) {
    std::iota(numbers.begin(), numbers.end(), 0);
    launched.Planes().setConstant(0.5);  // power 2 of each sample
    measured.Planes().setZero();
  }
  std::vector<int> numbers;
  Amplitudes launched, measured;
};

TEST_F(Detection, HasTheAnnouncedSize) {
  DetectionNoise(0.1, 7).Add({3, PassKind::Data, 1}, numbers.data(), launched, measured);
  const double count = static_cast<double>(measured.Planes().size());
  const double rms = std::sqrt(measured.Planes().squaredNorm() / count);
  EXPECT_NEAR(rms, 0.1 * std::sqrt(2.0 / 4), 0.01 * rms);  // four sigma of 160000 numbers
  EXPECT_NEAR(measured.Planes().mean(), 0, 4 * rms / std::sqrt(count));
}

TEST_F(Detection, DependsOnTheSampleNotOnItsRow) {
  const DetectionNoise noise(0.1, 7);
  noise.Add({3, PassKind::Data, 1}, numbers.data(), launched, measured);
  Amplitudes part(100, 4), part_launched(100, 4);
  part.Planes().setZero();
  part_launched.Planes().setConstant(0.5);
  noise.Add({3, PassKind::Data, 1}, numbers.data() + 500, part_launched, part);
  EXPECT_EQ((part.Planes() - measured.Planes().middleRows(500, 100)).norm(), 0);
}

TEST_F(Detection, StepsPassesAndBlocksAreIndependent) {
  const DetectionNoise noise(1.0, 7);
  const DetectionNoise::Pass passes[] = {{3, PassKind::Data, 1},
                                         {4, PassKind::Data, 1},
                                         {3, PassKind::Error, 1},
                                         {3, PassKind::Data, 0},
                                         {3, PassKind::Evaluation, 1}};
  std::vector<Eigen::MatrixXd> draws;
  for (const auto& pass : passes) {
    measured.Planes().setZero();
    noise.Add(pass, numbers.data(), launched, measured);
    draws.push_back(measured.Planes() / measured.Planes().norm());
  }
  for (std::size_t a = 0; a < draws.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      EXPECT_LT(std::abs(draws[a].cwiseProduct(draws[b]).sum()), 0.013);  // five sigma
    }
  }
}

}  // namespace
}  // namespace symwave::training
