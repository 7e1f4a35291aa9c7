#include "training/encoding.hpp"

#include <gtest/gtest.h>

#include "domain/base/error.hpp"

namespace symwave::training {
namespace {

using Complex = std::complex<double>;

Eigen::ArrayXXd TwoSamples() {
  Eigen::ArrayXXd features(2, 2);
  features << 0.0, 0.25, 1.0, 0.5;
  return features;
}

TEST(Encoder, PhasesOfFeaturesInTurn) {
  EncodingOptions options;
  options.range = 2.0;
  Amplitudes x;
  Encoder(options, 4, 2).Encode(TwoSamples(), x);
  const Eigen::MatrixXcd columns = x.Columns();
  ASSERT_EQ(columns.rows(), 4);
  ASSERT_EQ(columns.cols(), 2);
  for (const int p : {0, 3}) {
    EXPECT_NEAR(std::abs(columns(p, 1) - 0.5 * std::polar(1.0, 1.0)), 0, 1e-15);
  }
  EXPECT_NEAR(std::abs(columns(1, 0) - 0.5 * std::polar(1.0, -0.5)), 0, 1e-15);
  EXPECT_NEAR(std::abs(columns(2, 0) - 0.5), 0, 1e-15);  // the phase reference
  EXPECT_NEAR(columns.col(0).squaredNorm(), 1.0, 1e-15);
}

TEST(Encoder, AmplitudesAndConstantPorts) {
  EncodingOptions options;
  options.kind = Encoding::Amplitude;
  options.bias = 0.2;
  options.map = {1, -1, 0, -1};
  Amplitudes x;
  Encoder(options, 4, 2).Encode(TwoSamples(), x);
  const Eigen::MatrixXcd columns = x.Columns();
  EXPECT_NEAR(std::abs(columns(0, 0) - Complex(0.5 * (0.2 + 0.8 * 0.25))), 0, 1e-15);
  EXPECT_NEAR(std::abs(columns(1, 0) - Complex(0.5)), 0, 1e-15);
  EXPECT_NEAR(std::abs(columns(2, 1) - Complex(0.5)), 0, 1e-15);
}

TEST(Encoder, RefusesWhatDoesNotFit) {
  EncodingOptions options;
  EXPECT_THROW(Encoder(options, 2, 3), base::UserError);
  options.map = {0, 1};
  EXPECT_THROW(Encoder(options, 3, 2), base::UserError);
  options.map = {0, 1, 2};
  EXPECT_THROW(Encoder(options, 3, 2), base::UserError);
}

TEST(Amplitudes, RealFormMultipliesLikeComplexMatrices) {
  const Eigen::MatrixXcd u = Eigen::MatrixXcd::Random(3, 4);
  const Eigen::MatrixXcd x = Eigen::MatrixXcd::Random(4, 5);
  Amplitudes y;
  y.Planes() = Amplitudes::FromColumns(x).Planes() * RealForm(u);
  EXPECT_LT((y.Columns() - u * x).norm(), 1e-14);
}

TEST(Amplitudes, CorrelationIsUnconjugated) {
  const Eigen::MatrixXcd g = Eigen::MatrixXcd::Random(3, 7);
  const Eigen::MatrixXcd x = Eigen::MatrixXcd::Random(4, 7);
  const Eigen::MatrixXd product =
      Amplitudes::FromColumns(g).Planes().transpose() * Amplitudes::FromColumns(x).Planes();
  EXPECT_LT((Correlation(product) - g * x.transpose()).norm(), 1e-14);
}

}  // namespace
}  // namespace symwave::training
