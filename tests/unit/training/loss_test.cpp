#include "training/loss.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "domain/base/error.hpp"

namespace symwave::training {
namespace {

constexpr int kPorts = 8;
constexpr int kClasses = 3;

DetectionOptions Named(Detection kind) {
  if (kind == Detection::Intensity) return {kind, 0, {{{7, 0}, {}}, {{3}, {}}, {{5, 1}, {}}}};
  if (kind == Detection::Difference) return {kind, 0, {{{7, 0}, {2}}, {{3}, {4}}, {{5}, {1, 6}}}};
  return {kind, 0.7, {{{7}, {}}, {{3}, {}}, {{5}, {}}}};
}

/// Ports in groups, or named, of each kind of detection, with both losses.
class LossGradient : public ::testing::TestWithParam<std::tuple<int, LossKind>> {};

TEST_P(LossGradient, EqualsCentralDifference) {
  const auto [detection, kind] = GetParam();
  const OutputLoss loss(
      {kind, 4.0}, detection < 0 ? DetectionOptions{} : Named(static_cast<Detection>(detection)),
      kPorts, kClasses);
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

INSTANTIATE_TEST_SUITE_P(AllKinds, LossGradient,
                         ::testing::Combine(::testing::Values(-1, 0, 1, 2),
                                            ::testing::Values(LossKind::CrossEntropy,
                                                              LossKind::MeanSquare)));

TEST(ClassScore, PortsLeftOverStandOutside) {
  const ClassScore score({}, kPorts, kClasses);
  const int groups[] = {-1, 0, 0, 1, 1, 2, 2, -1};
  for (int p = 0; p < kPorts; ++p) EXPECT_EQ(score.Detector(p), groups[p]) << p;
}

TEST(ClassScore, OfNamedPorts) {
  const ClassScore score(Named(Detection::Difference), kPorts, kClasses);
  const int detectors[] = {0, 5, 3, 1, 4, 2, 5, 0};
  for (int p = 0; p < kPorts; ++p) EXPECT_EQ(score.Detector(p), detectors[p]) << p;
}

// Two classes: light 0.4 and 0.1; contrasts of 0.4 with 0.1 and 0.3 with 0.5; quadratures.
TEST(ClassScore, KnownValues) {
  Eigen::MatrixXcd y(4, 1);
  y << std::polar(std::sqrt(0.4), 0.3), std::polar(std::sqrt(0.1), 2.0),
      std::polar(std::sqrt(0.3), 1.0), std::polar(std::sqrt(0.5), -1.0);
  const Amplitudes field = Amplitudes::FromColumns(y);
  const auto scores = [&](const DetectionOptions& options) -> Eigen::ArrayXXd {
    return ClassScore(options, 4, 2).Read(field).scores;
  };
  const auto share = scores({Detection::Intensity, 0, {{{0}, {}}, {{1}, {}}}});
  EXPECT_NEAR(share(0, 0), 0.8, 1e-14);
  EXPECT_NEAR(share(0, 1), 0.2, 1e-14);
  const auto contrast = scores({Detection::Difference, 0, {{{0}, {1}}, {{2}, {3}}}});
  EXPECT_NEAR(contrast(0, 0), 0.6, 1e-14);
  EXPECT_NEAR(contrast(0, 1), -0.25, 1e-14);
  const auto quadrature = scores({Detection::Coherent, 0.5, {{{3}, {}}, {{0}, {}}}});
  EXPECT_NEAR(quadrature(0, 0), 2 * std::sqrt(0.5) * std::cos(1.5), 1e-14);
  EXPECT_NEAR(quadrature(0, 1), 2 * std::sqrt(0.4) * std::cos(0.2), 1e-14);
}

// Two classes, shares 0.8 and 0.2; contrasts 0.8 and -1.
TEST(OutputLoss, KnownValues) {
  Eigen::MatrixXcd y(2, 1);
  y << std::polar(std::sqrt(0.4), 0.3), std::polar(std::sqrt(0.1), 2.0);
  const Amplitudes field = Amplitudes::FromColumns(y);
  std::vector<int> predicted;
  EXPECT_NEAR(OutputLoss({LossKind::CrossEntropy, 5.0}, {}, 2, 2)
                  .Evaluate(field, {1}, 1.0, predicted, nullptr),
              std::log(1 + std::exp(3.0)), 1e-14);
  EXPECT_EQ(predicted[0], 0);
  EXPECT_NEAR(OutputLoss({LossKind::MeanSquare, 5.0}, {}, 2, 2)
                  .Evaluate(field, {1}, 0.5, predicted, nullptr),
              0.5 * (0.64 + 0.64), 1e-14);
  y.resize(4, 1);
  y << 3, 1, 0, 2;
  EXPECT_NEAR(OutputLoss({LossKind::MeanSquare, 5.0},
                         {Detection::Difference, 0, {{{0}, {1}}, {{2}, {3}}}}, 4, 2)
                  .Evaluate(Amplitudes::FromColumns(y), {1}, 0.5, predicted, nullptr),
              0.5 * (1.8 * 1.8 + 2 * 2), 1e-14);
}

TEST(OutputLoss, NoLightIsNoTrouble) {
  std::vector<int> predicted;
  Amplitudes error;
  for (const Detection kind : {Detection::Intensity, Detection::Difference}) {
    const double loss = OutputLoss({}, Named(kind), kPorts, kClasses)
                            .Evaluate(Amplitudes::FromColumns(Eigen::MatrixXcd::Zero(kPorts, 1)),
                                      {0}, 1.0, predicted, &error);
    EXPECT_TRUE(std::isfinite(loss));
    EXPECT_EQ(error.Planes().norm(), 0.0);
  }
}

TEST(OutputLoss, RefusesFewerPortsThanClasses) {
  EXPECT_THROW(OutputLoss({}, {}, 2, 3), base::UserError);
}

}  // namespace
}  // namespace symwave::training
