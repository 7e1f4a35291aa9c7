#include "training/sincos.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace symwave::training {
namespace {

TEST(SinCos, EqualsTheLibrary) {
  std::vector<double> angles;
  for (int k = -40000; k <= 40000; ++k) angles.push_back(k * 0.00713);  // many turns
  for (int q = -8; q <= 8; ++q) {
    for (const double near : {-1e-9, 0.0, 1e-9}) angles.push_back(q * M_PI_4 + near);
  }
  std::vector<double> c(angles.size()), s(angles.size());
  SinCos(angles.data(), c.data(), s.data(), angles.size());
  for (std::size_t k = 0; k < angles.size(); ++k) {
    // Rounding of one function value and of the reduced angle.
    EXPECT_NEAR(c[k], std::cos(angles[k]), 5e-16) << angles[k];
    EXPECT_NEAR(s[k], std::sin(angles[k]), 5e-16) << angles[k];
  }
}

}  // namespace
}  // namespace symwave::training
