// Training and test part of a data set, scaled by what the training part alone shows.
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "training/dataset.hpp"
#include "training/options.hpp"

namespace symwave::training {

/// Samples as the electronics of the chip get them.
struct SampleSet {
  Eigen::ArrayXXd features;  ///< samples x features, scaled
  std::vector<int> labels;
  int classes = 0;
  int Samples() const { return static_cast<int>(labels.size()); }
  int Features() const { return static_cast<int>(features.cols()); }
};

/// The numbers of all samples, 0 ... Samples() - 1.
std::vector<int> AllSamples(const SampleSet& samples);

/// Maps the smallest and the largest value of each feature to 0 and 1. A feature that is constant
/// becomes 0.5. Values beyond the learned range keep their place up to 0.2 of the range outside it,
/// the spare range of a modulator, and are clipped there.
class Scaling {
 public:
  explicit Scaling(const Eigen::ArrayXXd& features);
  Eigen::ArrayXXd Apply(const Eigen::ArrayXXd& features) const;

 private:
  Eigen::ArrayXd low_, span_;
};

struct Split {
  SampleSet train;
  SampleSet test;
  double variance_share = 1;  ///< of the training part that its features or components hold
};

/// How many of `count` samples of a class are tested.
long TestedOf(long count, double test_fraction);

/// Features that the network gets: those of the file, or `components`.
int FeaturesOf(const Dataset& data, const DataOptions& options);

/// UserError where the training part of the data has no `components` principal components: fewer
/// features, or no more samples.
void CheckComponents(const Dataset& data, const DataOptions& options);

/// Stratified: of each class the fraction `test_fraction`, rounded, at least one sample in each
/// part, drawn with `split_seed`. Where `components` are asked for, they are those of the scaled
/// features of the training part, scaled again. UserError unless 0 < test_fraction < 1; see
/// CheckComponents.
Split SplitSamples(const Dataset& data, const DataOptions& options);

}  // namespace symwave::training
