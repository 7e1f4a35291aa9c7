// Polynomials through given points, and which points they may go through.
#include <gtest/gtest.h>

#include <cmath>

#include "solvers/fdtd/interpolation.hpp"

namespace symwave {
namespace {

using solvers::fdtd::InterpolationWeights;
using solvers::fdtd::StablePoints;

TEST(Interpolation, IsExactForPolynomials) {
  const std::vector<double> points{1, 1.2, 2, 3};
  for (const double x : {0.5, 1.2, 2.7}) {
    const std::vector<double> weights = InterpolationWeights(points, x);
    double cubic = 0;
    for (size_t k = 0; k < 4; ++k) cubic += weights[k] * std::pow(points[k], 3);
    EXPECT_NEAR(cubic, x * x * x, 1e-12);
  }
}

TEST(Interpolation, TakesAllPointsThatFillTheRange) {
  EXPECT_EQ(StablePoints({1, 2, 3, 4, 5}, {1, 5}, 100), (std::vector<size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(StablePoints({2}, {1, 5}, 100), (std::vector<size_t>{0}));
}

// Two points d apart in a range of width 1 about them: a line grows as 1 / d, a parabola as its
// square.
TEST(Interpolation, LeavesOutPointsThatWouldMakeErrorsGrow) {
  EXPECT_EQ(StablePoints({0.499, 0.5, 0.501}, {0, 1}, 1e4).size(), 2u);
  EXPECT_EQ(StablePoints({0.49, 0.5, 0.51}, {0, 1}, 1e4).size(), 3u);
  // Of a cluster and one point far from it: that one, and what stands nearest to the middle.
  EXPECT_EQ(StablePoints({0, 1e-5, 2e-5, 3e-5, 1}, {0, 1}, 1e4), (std::vector<size_t>{3, 4}));
}

}  // namespace
}  // namespace symwave
