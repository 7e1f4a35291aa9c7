#include "training/split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "domain/base/error.hpp"
#include "training/principal_components.hpp"
#include "training/random.hpp"

namespace symwave::training {

namespace {

Eigen::ArrayXXd Rows(const Eigen::ArrayXXd& features, const std::vector<int>& rows) {
  Eigen::ArrayXXd result(static_cast<Eigen::Index>(rows.size()), features.cols());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    result.row(static_cast<Eigen::Index>(k)) = features.row(rows[k]);
  }
  return result;
}

std::vector<int> Labels(const std::vector<int>& labels, const std::vector<int>& rows) {
  std::vector<int> result;
  result.reserve(rows.size());
  for (const int row : rows) result.push_back(labels[static_cast<std::size_t>(row)]);
  return result;
}

std::string Place(const DataOptions& options) {
  return options.where.empty() ? "" : options.where + ": ";
}

/// The components that the training part has of its features, in both parts.
void TakeComponents(Split& split, int count, const std::string& place) {
  const PrincipalComponents components(split.train.features, count);
  if (components.Rank() < count) {
    base::Fail(
        "{}data.components is {}, but the features of the training samples vary along {} "
        "directions "
        "alone; give no more",
        place, count, components.Rank());
  }
  const Eigen::ArrayXXd train = components.Of(split.train.features);
  const Scaling scaling(train);
  split.test.features = scaling.Apply(components.Of(split.test.features));
  split.train.features = scaling.Apply(train);
  split.variance_share = components.VarianceShare();
}

}  // namespace

std::vector<int> AllSamples(const SampleSet& samples) {
  std::vector<int> all(static_cast<std::size_t>(samples.Samples()));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

Scaling::Scaling(const Eigen::ArrayXXd& features)
    : low_(features.colwise().minCoeff().transpose()),
      span_(features.colwise().maxCoeff().transpose() - low_) {}

Eigen::ArrayXXd Scaling::Apply(const Eigen::ArrayXXd& features) const {
  constexpr double spare = 0.2;
  Eigen::ArrayXXd scaled(features.rows(), features.cols());
  for (Eigen::Index f = 0; f < features.cols(); ++f) {
    if (span_(f) > 0) {
      scaled.col(f) = ((features.col(f) - low_(f)) / span_(f)).max(-spare).min(1 + spare);
    } else {
      scaled.col(f) = 0.5;
    }
  }
  return scaled;
}

long TestedOf(long count, double test_fraction) {
  return std::clamp(std::lround(test_fraction * static_cast<double>(count)), 1L, count - 1);
}

int FeaturesOf(const Dataset& data, const DataOptions& options) {
  return options.components > 0 ? options.components : static_cast<int>(data.features.cols());
}

void CheckComponents(const Dataset& data, const DataOptions& options) {
  if (options.components <= 0) return;
  const auto features = static_cast<long>(data.features.cols());
  long trained = 0;
  for (std::size_t c = 0; c < data.classes.size(); ++c) {
    const long count = std::count(data.labels.begin(), data.labels.end(), static_cast<int>(c));
    trained += count - TestedOf(count, options.test_fraction);
  }
  const long most = std::min(features, trained - 1);
  if (options.components <= most) return;
  base::Fail(
      "{}data.components is {}, but the {} training samples of {} features in {} have {} principal "
      "components; give 1 to {}, or 0 for the features",
      Place(options), options.components, trained, features, data.path, most, most);
}

Split SplitSamples(const Dataset& data, const DataOptions& options) {
  if (!(options.test_fraction > 0 && options.test_fraction < 1)) {
    base::Fail("{}data.test_fraction is {}; it must lie between 0 and 1", Place(options),
               options.test_fraction);
  }
  CheckComponents(data, options);
  const int classes = static_cast<int>(data.classes.size());
  const std::vector<int> order =
      Permutation(static_cast<int>(data.labels.size()), options.split_seed);
  std::vector<int> train, test;
  for (int c = 0; c < classes; ++c) {
    std::vector<int> members;
    for (const int row : order) {
      if (data.labels[static_cast<std::size_t>(row)] == c) members.push_back(row);
    }
    const auto count = static_cast<long>(members.size());
    const long tested = TestedOf(count, options.test_fraction);
    test.insert(test.end(), members.begin(), members.begin() + tested);
    train.insert(train.end(), members.begin() + tested, members.end());
  }
  std::sort(train.begin(), train.end());
  std::sort(test.begin(), test.end());

  const Eigen::ArrayXXd train_features = Rows(data.features, train);
  const Scaling scaling(train_features);
  Split split{{scaling.Apply(train_features), Labels(data.labels, train), classes},
              {scaling.Apply(Rows(data.features, test)), Labels(data.labels, test), classes}};
  if (options.components > 0) TakeComponents(split, options.components, Place(options));
  return split;
}

}  // namespace symwave::training
