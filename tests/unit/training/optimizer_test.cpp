#include "training/optimizer.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace symwave::training {
namespace {

TEST(Optimizer, RateFallsAlongACosine) {
  OptimizerOptions options;
  options.learning_rate = 0.2;
  options.final_rate = 0.1;
  const Optimizer optimizer(options, 101);
  EXPECT_DOUBLE_EQ(optimizer.Rate(0), 0.2);
  EXPECT_NEAR(optimizer.Rate(50), 0.5 * (0.2 + 0.02), 1e-15);
  EXPECT_NEAR(optimizer.Rate(100), 0.02, 1e-15);
  EXPECT_DOUBLE_EQ(Optimizer(options, 1).Rate(0), 0.2);
}

// Two steps by hand, constant rate.
TEST(Optimizer, AdamStepsByHand) {
  OptimizerOptions options;
  options.learning_rate = 0.1;
  options.final_rate = 1;
  const Optimizer optimizer(options, 10);
  OptimizerState state = Optimizer::Start(1);
  Eigen::VectorXd c = Eigen::VectorXd::Constant(1, 1.0);
  optimizer.Apply(Eigen::VectorXd::Constant(1, 2.0), state, c);
  EXPECT_NEAR(c(0), 1.0 - 0.1, 1e-9);  // both moments are bias-corrected to g and g^2
  optimizer.Apply(Eigen::VectorXd::Constant(1, -1.0), state, c);
  const double m = (0.9 * 0.2 - 0.1) / (1 - 0.81);
  const double v = (0.999 * 0.004 + 0.001) / (1 - 0.998001);
  EXPECT_NEAR(c(0), 0.9 - 0.1 * m / std::sqrt(v), 1e-8);
  EXPECT_EQ(state.steps, 2);
}

TEST(Optimizer, MomentumStepsByHand) {
  OptimizerOptions options;
  options.kind = OptimizerKind::Sgd;
  options.learning_rate = 0.1;
  options.momentum = 0.5;
  options.final_rate = 1;
  const Optimizer optimizer(options, 10);
  OptimizerState state = Optimizer::Start(1);
  Eigen::VectorXd c = Eigen::VectorXd::Zero(1);
  optimizer.Apply(Eigen::VectorXd::Constant(1, 2.0), state, c);
  optimizer.Apply(Eigen::VectorXd::Constant(1, 4.0), state, c);
  EXPECT_NEAR(c(0), -0.1 * 2 - 0.1 * (1 + 4), 1e-15);
}

}  // namespace
}  // namespace symwave::training
