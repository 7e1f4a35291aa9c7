#include "training/reencoding.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace symwave::training {
namespace {

constexpr int kPorts = 4;

using Case = std::tuple<Encoding, Activation, bool>;

class ReencoderGradient : public ::testing::TestWithParam<Case> {};

// dL = 2 Re(g_x^T dx) = 2 Re(g_y^T dy) for every small dy: central difference of x(y) along a
// random direction.
TEST_P(ReencoderGradient, EqualsCentralDifference) {
  ReencodingOptions options;
  std::tie(options.kind, options.activation, options.add_features) = GetParam();
  options.gain = 1.7;
  const Reencoder reencoder(options, kPorts);
  std::srand(5);
  const Eigen::MatrixXcd y = Eigen::MatrixXcd::Random(kPorts, 6);
  const Eigen::MatrixXcd direction = Eigen::MatrixXcd::Random(kPorts, 6);
  const Eigen::MatrixXcd g = Eigen::MatrixXcd::Random(kPorts, 6);
  const Amplitudes encoded = Amplitudes::FromColumns(Eigen::MatrixXcd::Random(kPorts, 6));
  const auto apply = [&](const Eigen::MatrixXcd& at) {
    Amplitudes x;
    reencoder.Apply(Amplitudes::FromColumns(at), encoded, x);
    return x;
  };
  Amplitudes error = Amplitudes::FromColumns(g);
  reencoder.Backward(Amplitudes::FromColumns(y), encoded, apply(y), error);

  const double h = 1e-5;
  const Eigen::MatrixXcd dx =
      (apply(y + h * direction).Columns() - apply(y - h * direction).Columns()) / (2 * h);
  const double expected = 2 * g.cwiseProduct(dx).sum().real();
  const double found = 2 * error.Columns().cwiseProduct(direction).sum().real();
  EXPECT_NEAR(found, expected, 1e-7 * std::abs(expected));
}

INSTANTIATE_TEST_SUITE_P(AllKinds, ReencoderGradient,
                         ::testing::Combine(::testing::Values(Encoding::Phase, Encoding::Amplitude),
                                            ::testing::Values(Activation::Linear,
                                                              Activation::Saturable,
                                                              Activation::Sqrt),
                                            ::testing::Bool()));

TEST(Reencoder, PhaseOfTheNormalisedIntensity) {
  ReencodingOptions options;
  options.gain = 0.5;
  Eigen::MatrixXcd y(2, 1);
  y << std::polar(0.6, 1.0), std::polar(0.3, -2.0);
  Amplitudes x;
  Reencoder(options, 2).Apply(Amplitudes::FromColumns(y), {}, x);
  const Eigen::MatrixXcd columns = x.Columns();
  EXPECT_NEAR(std::abs(columns(0, 0) - std::polar(M_SQRT1_2, 0.5 * 2 * 0.36)), 0, 1e-15);
  EXPECT_NEAR(std::abs(columns(1, 0) - std::polar(M_SQRT1_2, 0.5 * 2 * 0.09)), 0, 1e-15);
}

}  // namespace
}  // namespace symwave::training
