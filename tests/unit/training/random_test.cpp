#include "training/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace symwave::training {
namespace {

TEST(Permutation, HoldsEveryNumberOnce) {
  const std::vector<int> order = Permutation(1000, 4);
  EXPECT_EQ(std::set<int>(order.begin(), order.end()).size(), 1000u);
  EXPECT_NE(order, Permutation(1000, 5));
  EXPECT_EQ(order, Permutation(1000, 4));
}

TEST(Gaussians, HaveUnitVarianceAndNoCorrelation) {
  double sum = 0, squares = 0, product = 0;
  const int count = 100000;
  for (int k = 0; k < count; ++k) {
    const GaussianPair pair = Gaussians(11, static_cast<std::uint64_t>(k));
    sum += pair.a + pair.b;
    squares += pair.a * pair.a + pair.b * pair.b;
    product += pair.a * pair.b;
  }
  const double sigma = 1 / std::sqrt(static_cast<double>(count));  // of the means; bounds: 4 sigma
  EXPECT_NEAR(sum / (2 * count), 0, 4 * sigma);
  EXPECT_NEAR(squares / (2 * count), 1, 4 * sigma);
  EXPECT_NEAR(product / count, 0, 4 * sigma);
}

}  // namespace
}  // namespace symwave::training
