#include "training/principal_components.hpp"

#include <gtest/gtest.h>

#include "domain/base/error.hpp"
#include "training/split.hpp"

namespace symwave::training {
namespace {

DataOptions Options(const std::string& file, int components) {
  DataOptions options;
  options.file = file;
  options.components = components;
  return options;
}

/// Of the right singular vectors of the centred samples, an algorithm of its own.
Eigen::MatrixXd Directions(const Eigen::ArrayXXd& samples, Eigen::RowVectorXd& mean) {
  mean = samples.matrix().colwise().mean();
  const Eigen::MatrixXd centred = samples.matrix().rowwise() - mean;
  Eigen::MatrixXd directions =
      Eigen::JacobiSVD<Eigen::MatrixXd>(centred, Eigen::ComputeThinV).matrixV();
  for (Eigen::Index c = 0; c < directions.cols(); ++c) {
    Eigen::Index largest = 0;
    directions.col(c).cwiseAbs().maxCoeff(&largest);
    if (directions(largest, c) < 0) directions.col(c) *= -1;
  }
  return directions;
}

TEST(PrincipalComponents, LieAlongTheLongAxisOfACloud) {
  // On a line of slope 3/4 but for a tenth of its length across it.
  Eigen::ArrayXXd cloud(4, 2);
  cloud << 5 + 4, 1 + 3, 5 - 4, 1 - 3, 5 - 0.3, 1 + 0.4, 5 + 0.3, 1 - 0.4;
  const PrincipalComponents one(cloud, 1);
  const Eigen::ArrayXXd projected = one.Of(cloud);
  EXPECT_NEAR(projected(0), 5, 1e-14);
  EXPECT_NEAR(projected(1), -5, 1e-14);
  EXPECT_NEAR(projected(2), 0, 1e-14);
  EXPECT_NEAR(one.VarianceShare(), 25 / 25.25, 1e-14);
  EXPECT_NEAR(PrincipalComponents(cloud, 2).VarianceShare(), 1, 1e-14);
  EXPECT_EQ(PrincipalComponents(cloud, 2).Rank(), 2);
  cloud.bottomRows(2) =
      Eigen::ArrayXXd::Constant(2, 2, 1).rowwise() * Eigen::Array<double, 1, 2>(5, 1);
  EXPECT_EQ(PrincipalComponents(cloud, 2).Rank(), 1);  // what is across the line is rounding
}

/// The test part is projected by what the training part alone shows.
TEST(PrincipalComponents, OfASplitAreThoseOfItsTrainingPart) {
  const Dataset data = ReadDataset(MPI_COMM_WORLD, Options("inputs/data/wine.csv", 0));
  const Split whole = SplitSamples(data, Options(data.path, 0));
  const Split split = SplitSamples(data, Options(data.path, 4));
  ASSERT_EQ(split.train.Features(), 4);
  ASSERT_EQ(split.test.Features(), 4);
  EXPECT_EQ(split.test.labels, whole.test.labels);
  Eigen::RowVectorXd mean;
  const Eigen::MatrixXd directions = Directions(whole.train.features, mean).leftCols(4);
  const auto project = [&](const Eigen::ArrayXXd& samples) -> Eigen::ArrayXXd {
    const Eigen::MatrixXd centred = samples.matrix().rowwise() - mean;
    return (centred * directions).array();
  };
  const Scaling scaling(project(whole.train.features));
  const Eigen::ArrayXXd train = scaling.Apply(project(whole.train.features));
  const Eigen::ArrayXXd test = scaling.Apply(project(whole.test.features));
  EXPECT_LT((split.train.features - train).abs().maxCoeff(), 1e-12);
  EXPECT_LT((split.test.features - test).abs().maxCoeff(), 1e-12);
  EXPECT_GT(split.variance_share, 0.7);
  EXPECT_LT(split.variance_share, 0.8);
}

TEST(PrincipalComponents, AreNoMoreThanFeaturesAndSamples) {
  DataOptions options = Options("inputs/data/iris.csv", 5);
  options.where = "x.yaml:7";
  const Dataset data = ReadDataset(MPI_COMM_WORLD, options);
  try {
    CheckComponents(data, options);
    FAIL();
  } catch (const base::UserError& error) {
    EXPECT_EQ(std::string(error.what()),
              "x.yaml:7: data.components is 5, but the 105 training samples of 4 features in "
              "inputs/data/iris.csv have 4 principal components; give 1 to 4, or 0 for the "
              "features");
  }
  options.test_fraction = 0.97;  // 1 or 2 of each class are left
  options.components = 4;
  EXPECT_THROW(SplitSamples(data, options), base::UserError);
  options.components = 2;
  EXPECT_EQ(SplitSamples(data, options).train.Features(), 2);
}

}  // namespace
}  // namespace symwave::training
