#include "domain/element_crosstalk.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace symwave::domain {
namespace {

Element Heater(double x, double y, double spread) {
  Element heater;
  heater.outline = {
      {{x - 1.5, y - 0.4}, {x + 1.5, y - 0.4}, {x + 1.5, y + 0.4}, {x - 1.5, y + 0.4}}};
  heater.switching = 1;
  heater.spread = spread;
  return heater;
}

TEST(Crosstalk, FallsAsAGaussianToTheNextGuide) {
  const auto shares = Crosstalk({Heater(0, 1.5, 0.45), Heater(0, 0, 0.45), Heater(0, -1.5, 0)});
  // 1.1 um from the outline to the middle of the next guide, beyond the smallest profile to the
  // second next; the last one heats nothing but its own guide.
  const double next = std::exp(-0.5 * std::pow(1.1 / 0.45, 2));
  const double expected[] = {1, next, 0, next, 1, 0, 0, next, 1};
  ASSERT_EQ(shares.size(), 9U);
  for (size_t k = 0; k < 9; ++k) EXPECT_NEAR(shares[k], expected[k], 1e-6) << k;
}

TEST(Crosstalk, CountsTheGuideAsFarAsItsElementReaches) {
  // Half of the heater (raised cosines of 1 um: an effective length of 2 um) lies beside the other.
  Element across = Heater(1.5, 1.5, 0);
  const auto shares = Crosstalk({Heater(0, 0, 0.45), across});
  EXPECT_NEAR(shares[2], 0.5 * std::exp(-0.5 * std::pow(1.1 / 0.45, 2)), 1e-6);
  // A guide along y crosses the heater's middle over its width and both tails: more than 0.8 um.
  across = Heater(0, 0, 0);
  across.outline = {{{-0.1, -2}, {0.1, -2}, {0.1, 2}, {-0.1, 2}}};
  across.axis = 1;
  const double width = 0.8 + std::sqrt(2 * M_PI) * 0.45;
  EXPECT_NEAR(Crosstalk({Heater(0, 0, 0.45), across})[2], width / 2, 2e-3);
}

}  // namespace
}  // namespace symwave::domain
