#include "training/loss.hpp"

#include <gtest/gtest.h>

#include "domain/base/error.hpp"

namespace symwave::training {
namespace {

constexpr int kPorts = 8;
constexpr int kClasses = 3;

class LossGradient : public ::testing::TestWithParam<LossKind> {};

TEST_P(LossGradient, EqualsCentralDifference) {
  const IntensityLoss loss({GetParam(), 4.0}, kPorts, kClasses);
  std::srand(3);
  const Eigen::MatrixXcd y = Eigen::MatrixXcd::Random(kPorts, 5);
  const std::vector<int> labels{0, 1, 2, 1, 0};
  std::vector<int> predicted;
  const auto value = [&](const Eigen::MatrixXcd& at) {
    return loss.Evaluate(Amplitudes::FromColumns(at), labels, 0.2, predicted, nullptr);
  };
  Amplitudes error;
  loss.Evaluate(Amplitudes::FromColumns(y), labels, 0.2, predicted, &error);
  const Eigen::MatrixXcd direction = Eigen::MatrixXcd::Random(kPorts, 5);
  const double h = 1e-5;
  const double expected = (value(y + h * direction) - value(y - h * direction)) / (2 * h);
  const double found = 2 * error.Columns().cwiseProduct(direction).sum().real();
  EXPECT_NEAR(found, expected, 1e-7 * std::abs(expected));
}

INSTANTIATE_TEST_SUITE_P(BothKinds, LossGradient,
                         ::testing::Values(LossKind::CrossEntropy, LossKind::MeanSquare));

TEST(IntensityLoss, PortsLeftOverStandOutside) {
  const IntensityLoss loss({}, kPorts, kClasses);
  const int groups[] = {-1, 0, 0, 1, 1, 2, 2, -1};
  for (int p = 0; p < kPorts; ++p) EXPECT_EQ(loss.Group(p), groups[p]) << p;
}

// Two classes, shares 0.8 and 0.2.
TEST(IntensityLoss, KnownValues) {
  Eigen::MatrixXcd y(2, 1);
  y << std::polar(std::sqrt(0.4), 0.3), std::polar(std::sqrt(0.1), 2.0);
  const Amplitudes field = Amplitudes::FromColumns(y);
  std::vector<int> predicted;
  EXPECT_NEAR(IntensityLoss({LossKind::CrossEntropy, 5.0}, 2, 2)
                  .Evaluate(field, {1}, 1.0, predicted, nullptr),
              std::log(1 + std::exp(3.0)), 1e-14);
  EXPECT_EQ(predicted[0], 0);
  EXPECT_NEAR(IntensityLoss({LossKind::MeanSquare, 5.0}, 2, 2)
                  .Evaluate(field, {1}, 0.5, predicted, nullptr),
              0.5 * (0.64 + 0.64), 1e-14);
}

TEST(IntensityLoss, NoLightIsNoTrouble) {
  std::vector<int> predicted;
  Amplitudes error;
  const double loss = IntensityLoss({}, 4, 2).Evaluate(
      Amplitudes::FromColumns(Eigen::MatrixXcd::Zero(4, 1)), {0}, 1.0, predicted, &error);
  EXPECT_TRUE(std::isfinite(loss));
  EXPECT_EQ(error.Planes().norm(), 0.0);
}

TEST(IntensityLoss, RefusesFewerPortsThanClasses) {
  EXPECT_THROW(IntensityLoss({}, 2, 3), base::UserError);
}

}  // namespace
}  // namespace symwave::training
