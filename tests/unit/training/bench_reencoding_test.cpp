#include <gtest/gtest.h>

#include "tests/unit/training/bench_setup.hpp"

namespace symwave::training::bench {
namespace {

constexpr int kPlanes = 3;

PixelRange Layout() {
  return {5, 4, 0, 20, MPI_COMM_SELF};
}

PlaneNetworkOptions Options(PlaneActivation activation) {
  PlaneNetworkOptions options;
  options.activation = activation;
  options.threshold = 0.8;
  return options;
}

Planes<double> RandomPlanes(int seed) {
  std::srand(static_cast<unsigned>(seed));
  return 3.0 * Planes<double>::Random(20, kPlanes);
}

class Reencoding : public ::testing::TestWithParam<PlaneActivation> {};

// dL = 2 Re(g^T dx) for a linear loss L = 2 Re(g^T x): the derivative along dy, by central
// differences, is 2 Re((dL/dy)^T dy). The step makes errors of 1e-10, of no kink in the way.
TEST_P(Reencoding, BackwardIsTheDerivative) {
  for (const bool skip : {false, true}) {
    PlaneNetworkOptions options = Options(GetParam());
    options.skip = skip;
    const PlaneReencoder<double> reencoder(options, Layout());
    const Planes<double> y = RandomPlanes(1), g = RandomPlanes(2), encoded = RandomPlanes(3);
    const auto loss = [&](const Planes<double>& at) {
      Planes<double> x;
      reencoder.Apply(at, encoded, x);
      return 2 * g.cwiseProduct(x).sum().real();
    };
    Planes<double> error = g;
    reencoder.Backward(y, error);
    for (int seed = 4; seed < 9; ++seed) {
      const Planes<double> dy = RandomPlanes(seed);
      const double h = 1e-6;
      const double expected = (loss(y + h * dy) - loss(y - h * dy)) / (2 * h);
      const double found = 2 * error.cwiseProduct(dy).sum().real();
      EXPECT_NEAR(found, expected, 1e-8 * error.norm() * dy.norm());
    }
  }
}

// What is launched does not depend on the power that arrives.
TEST_P(Reencoding, NormalisesThePower) {
  const PlaneReencoder<double> reencoder(Options(GetParam()), Layout());
  const Planes<double> y = RandomPlanes(1);
  Planes<double> x, scaled;
  reencoder.Apply(y, {}, x);
  reencoder.Apply(7.0 * y, {}, scaled);
  EXPECT_LT((x - scaled).norm(), 1e-14 * x.norm());
}

TEST_P(Reencoding, DarkPlanesStayDark) {
  const PlaneReencoder<double> reencoder(Options(GetParam()), Layout());
  Planes<double> y = RandomPlanes(1), x, error = RandomPlanes(2);
  y.col(1).setZero();
  reencoder.Apply(y, {}, x);
  reencoder.Backward(y, error);
  EXPECT_EQ(x.col(1).norm(), 0);
  EXPECT_EQ(error.col(1).norm(), 0);
  EXPECT_TRUE(x.allFinite() && error.allFinite());
}

INSTANTIATE_TEST_SUITE_P(All, Reencoding,
                         ::testing::Values(PlaneActivation::None, PlaneActivation::Saturable,
                                           PlaneActivation::Relu, PlaneActivation::Intensity));

// The formulas of PlaneReencoder, pixel by pixel.
TEST(PlaneReencoder, KnownValues) {
  const Planes<double> y = RandomPlanes(1);
  Planes<double> none, saturable, relu, intensity, seen;
  PlaneReencoder<double>(Options(PlaneActivation::None), Layout()).Apply(y, {}, none);
  PlaneReencoder<double>(Options(PlaneActivation::Saturable), Layout()).Apply(y, {}, saturable);
  PlaneReencoder<double>(Options(PlaneActivation::Relu), Layout()).Apply(y, {}, relu);
  const PlaneReencoder<double> camera(Options(PlaneActivation::Intensity), Layout());
  camera.Apply(y, {}, intensity);
  camera.ApplyIntensities(y.cwiseAbs2(), {}, seen);
  for (int s = 0; s < kPlanes; ++s) {
    EXPECT_NEAR(none.col(s).norm(), 1, 1e-14);
    const double rms = y.col(s).norm() / std::sqrt(20.0);
    for (int j = 0; j < 20; ++j) {
      const std::complex<double> u = y(j, s) / rms;
      const double r = std::abs(u);
      const double unit = 1 / std::sqrt(20.0);
      EXPECT_NEAR(std::abs(none(j, s) - unit * u), 0, 1e-14);
      EXPECT_NEAR(std::abs(saturable(j, s) - unit * u / (1 + r * r)), 0, 1e-14);
      EXPECT_NEAR(std::abs(relu(j, s) - unit * u * std::max(0.0, 1 - 0.8 / r)), 0, 1e-14);
      EXPECT_NEAR(std::abs(intensity(j, s) - unit * r * r), 0, 1e-14);
      EXPECT_NEAR(std::abs(seen(j, s) - unit * r * r), 0, 1e-14);
    }
  }
}

TEST(PlaneReencoder, SkipAddsTheImage) {
  PlaneNetworkOptions options = Options(PlaneActivation::None);
  const Planes<double> y = RandomPlanes(1), encoded = RandomPlanes(2);
  Planes<double> plain, skipped;
  PlaneReencoder<double>(options, Layout()).Apply(y, encoded, plain);
  options.skip = true;
  PlaneReencoder<double>(options, Layout()).Apply(y, encoded, skipped);
  EXPECT_LT((skipped - plain - encoded).norm(), 1e-14);
}

}  // namespace
}  // namespace symwave::training::bench
