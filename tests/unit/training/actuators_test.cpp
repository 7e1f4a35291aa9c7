#include "training/chip/actuators.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace symwave::training::chip {
namespace {

domain::Element Heater(double x, double y) {
  domain::Element heater;
  heater.outline = {{{x - 1, y - 0.4}, {x + 1, y - 0.4}, {x + 1, y + 0.4}, {x - 1, y + 0.4}}};
  return heater;
}

TEST(ThermalCrosstalk, FallsExponentiallyWithTheDistance) {
  // Middles at 0, 1.5, 4.5 um, and an attenuator on the first one.
  std::vector<domain::Element> elements{Heater(0, 0), Heater(0, 1.5), Heater(0, 4.5), Heater(0, 0)};
  elements.back().attenuates = true;
  const Eigen::MatrixXd shares = ThermalCrosstalk(0.2, elements);
  ASSERT_EQ(shares.rows(), 4);
  EXPECT_NEAR(shares(0, 1), 0.2, 1e-15);
  EXPECT_NEAR(shares(1, 2), std::pow(0.2, 2), 1e-15);
  EXPECT_NEAR(shares(0, 2), std::pow(0.2, 3), 1e-15);
  EXPECT_EQ(shares, shares.transpose());
  EXPECT_TRUE(shares.row(3).isZero(0));
  EXPECT_TRUE(shares.diagonal().isZero(0));
}

TEST(ThermalCrosstalk, IsNoneOfAHeaterByItself) {
  EXPECT_EQ(ThermalCrosstalk(0.2, {Heater(0, 0)}).size(), 0);
  EXPECT_EQ(ThermalCrosstalk(0, {Heater(0, 0), Heater(0, 2)}).size(), 0);
}

TEST(Driven, AddsTheHeatOfNeighboursBeforePhasesAreWrapped) {
  std::vector<domain::Element> elements{Heater(0, 0), Heater(0, 2), Heater(0, 0)};
  elements.back().attenuates = true;
  ActuatorResponse response = IdealActuatorResponse(3);
  response.gain << 1.1, 0.9, 1.2;
  response.offset << 0.3, 3, 0;
  response.crosstalk = ThermalCrosstalk(0.1, elements);
  const Eigen::VectorXd driven = Driven(response, Eigen::Vector3d(1, 2, -1), elements);
  EXPECT_NEAR(driven[0], 1.1 + 0.1 * 1.8 + 0.3, 1e-14);
  EXPECT_NEAR(driven[1], 1.8 + 0.1 * 1.1 + 3 - 2 * M_PI, 1e-14);
  EXPECT_EQ(driven[2], 0);
}

}  // namespace
}  // namespace symwave::training::chip
