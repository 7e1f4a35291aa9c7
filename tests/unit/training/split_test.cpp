#include "training/split.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/base/error.hpp"

namespace symwave::training {
namespace {

/// Features: number of the sample, its label, a constant.
Dataset Numbered(const std::vector<int>& class_sizes) {
  Dataset data;
  for (std::size_t c = 0; c < class_sizes.size(); ++c) {
    data.classes.push_back(std::to_string(c));
    data.labels.insert(data.labels.end(), static_cast<std::size_t>(class_sizes[c]),
                       static_cast<int>(c));
  }
  data.features.resize(static_cast<Eigen::Index>(data.labels.size()), 3);
  for (Eigen::Index s = 0; s < data.features.rows(); ++s) {
    data.features.row(s) << static_cast<double>(s),
        static_cast<double>(data.labels[static_cast<std::size_t>(s)]), 4.0;
  }
  return data;
}

DataOptions Options(double fraction, std::uint64_t seed) {
  DataOptions options;
  options.test_fraction = fraction;
  options.split_seed = seed;
  return options;
}

TEST(Split, IsStratified) {
  const Split split = SplitSamples(Numbered({50, 20, 2}), Options(0.3, 1));
  const auto count = [](const SampleSet& set, int c) {
    return std::count(set.labels.begin(), set.labels.end(), c);
  };
  EXPECT_EQ(count(split.test, 0), 15);
  EXPECT_EQ(count(split.test, 1), 6);
  EXPECT_EQ(count(split.test, 2), 1);
  EXPECT_EQ(count(split.train, 2), 1);
  EXPECT_EQ(split.train.Samples() + split.test.Samples(), 72);
}

TEST(Split, FollowsTheSeed) {
  const Dataset data = Numbered({30, 30});
  const Split a = SplitSamples(data, Options(0.5, 1));
  EXPECT_TRUE((a.train.features == SplitSamples(data, Options(0.5, 1)).train.features).all());
  EXPECT_FALSE((a.test.features == SplitSamples(data, Options(0.5, 2)).test.features).all());
}

TEST(Split, ScalesByTheTrainingPart) {
  const Split split = SplitSamples(Numbered({50, 50}), Options(0.4, 3));
  EXPECT_EQ(split.train.features.col(0).minCoeff(), 0);
  EXPECT_EQ(split.train.features.col(0).maxCoeff(), 1);
  EXPECT_TRUE((split.train.features.col(2) == 0.5).all());  // constant
  EXPECT_TRUE((split.test.features.col(2) == 0.5).all());
}

TEST(Scaling, KeepsATestValueOutsideUpToTheSpareRange) {
  Eigen::ArrayXXd train(2, 1), test(4, 1);
  train << 10, 20;
  test << 9, 21.5, 0, 40;
  const Eigen::ArrayXXd scaled = Scaling(train).Apply(test);
  EXPECT_DOUBLE_EQ(scaled(0), -0.1);
  EXPECT_DOUBLE_EQ(scaled(1), 1.15);
  EXPECT_DOUBLE_EQ(scaled(2), -0.2);
  EXPECT_DOUBLE_EQ(scaled(3), 1.2);
}

TEST(Split, RefusesFractionsThatLeaveNothing) {
  const Dataset data = Numbered({5, 5});
  for (const double fraction : {0.0, 1.0, -0.1, 2.0}) {
    EXPECT_THROW(SplitSamples(data, Options(fraction, 1)), base::UserError) << fraction;
  }
}

}  // namespace
}  // namespace symwave::training
