#include "training/sample_pass.hpp"

#include <algorithm>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/count.hpp"

namespace symwave::training {

namespace {

constexpr Eigen::Index tile_samples = 256;

/// One tile of samples on its way through the network and back.
class Tile {
 public:
  Tile(const Electronics& electronics, const std::vector<PortResponse>& responses)
      : electronics_(electronics), blocks_(responses.size()), x_(blocks_), y_(blocks_) {
    for (const PortResponse& response : responses) {
      data_.push_back(RealForm(response.data));
      if (response.error.size() > 0) error_.push_back(RealForm(response.error));
    }
  }

  void Forward(const SampleSet& samples, const int* numbers, Eigen::Index count, std::uint64_t step,
               PassKind kind) {
    features_.resize(count, samples.features.cols());
    labels_.resize(static_cast<std::size_t>(count));
    for (Eigen::Index s = 0; s < count; ++s) {
      features_.row(s) = samples.features.row(numbers[s]);
      labels_[static_cast<std::size_t>(s)] = samples.labels[static_cast<std::size_t>(numbers[s])];
    }
    electronics_.encoder.Encode(features_, encoded_);
    for (std::size_t b = 0; b < blocks_; ++b) {
      if (b == 0) {
        x_[0] = encoded_;
      } else {
        electronics_.reencoders[b].Apply(y_[b - 1], encoded_, x_[b]);
      }
      y_[b].Planes().noalias() = x_[b].Planes() * data_[b];
      electronics_.noise.Add({step, kind, static_cast<int>(b)}, numbers, x_[b], y_[b]);
    }
  }

  /// Adds to the confusion matrix; with `learn` the error field is kept for Backward.
  double Loss(double weight, bool learn, Eigen::MatrixXd& confusion) {
    const double loss = electronics_.loss.Evaluate(y_.back(), labels_, weight, predicted_,
                                                   learn ? &error_field_ : nullptr);
    for (std::size_t s = 0; s < labels_.size(); ++s) confusion(labels_[s], predicted_[s]) += 1;
    return loss;
  }

  /// Adds [g_re | g_im]^T [x_re | x_im] of every block to `products`.
  void Backward(const int* numbers, std::uint64_t step, std::vector<Eigen::MatrixXd>& products) {
    for (std::size_t b = blocks_; b-- > 0;) {
      products[b].noalias() += error_field_.Planes().transpose() * x_[b].Planes();
      if (b == 0) return;
      returned_.Planes().noalias() = error_field_.Planes() * error_[b];
      electronics_.noise.Add({step, PassKind::Error, static_cast<int>(b)}, numbers, error_field_,
                             returned_);
      electronics_.reencoders[b].Backward(y_[b - 1], encoded_, x_[b], returned_);
      std::swap(error_field_, returned_);
    }
  }

 private:
  const Electronics& electronics_;
  std::size_t blocks_;
  std::vector<Eigen::MatrixXd> data_, error_;  ///< real forms of the port responses
  Eigen::ArrayXXd features_;
  std::vector<int> labels_, predicted_;
  Amplitudes encoded_, error_field_, returned_;
  std::vector<Amplitudes> x_, y_;
};

}  // namespace

double SampleSums::Accuracy() const {
  return static_cast<double>(confusion.trace()) / static_cast<double>(confusion.sum());
}

SampleSums SamplePass::Learn(const std::vector<PortResponse>& responses, const SampleSet& samples,
                             const std::vector<int>& batch, std::uint64_t step) const {
  return Run(responses, samples, batch, step, PassKind::Data, true);
}

SampleSums SamplePass::Probe(const std::vector<PortResponse>& responses, const SampleSet& samples,
                             const std::vector<int>& batch, std::uint64_t step) const {
  return Run(responses, samples, batch, step, PassKind::Data, false);
}

SampleSums SamplePass::Test(const std::vector<PortResponse>& responses, const SampleSet& samples,
                            std::uint64_t step) const {
  return Run(responses, samples, AllSamples(samples), step, PassKind::Evaluation, false);
}

SampleSums SamplePass::Run(const std::vector<PortResponse>& responses, const SampleSet& samples,
                           const std::vector<int>& batch, std::uint64_t step, PassKind kind,
                           bool learn) const {
  const auto count = static_cast<Eigen::Index>(batch.size());
  const Eigen::Index rank = base::Communicator::RankIn(world_);
  const Eigen::Index ranks = base::Communicator::SizeOf(world_);
  const Eigen::Index begin = count * rank / ranks;
  const Eigen::Index end = count * (rank + 1) / ranks;
  const double weight = 1.0 / static_cast<double>(count);

  double loss = 0;
  Eigen::MatrixXd confusion = Eigen::MatrixXd::Zero(electronics_.classes, electronics_.classes);
  std::vector<Eigen::MatrixXd> products;
  for (const PortResponse& response : responses) {
    products.emplace_back(
        Eigen::MatrixXd::Zero(2 * response.data.rows(), 2 * response.data.cols()));
  }
  Tile tile(electronics_, responses);
  for (Eigen::Index first = begin; first < end; first += tile_samples) {
    const int* numbers = batch.data() + first;
    tile.Forward(samples, numbers, std::min(tile_samples, end - first), step, kind);
    loss += tile.Loss(weight, learn, confusion);
    if (learn) tile.Backward(numbers, step, products);
  }
  return Gather(loss, confusion, products);
}

SampleSums SamplePass::Gather(double loss, const Eigen::MatrixXd& confusion,
                              const std::vector<Eigen::MatrixXd>& products) const {
  std::vector<double> packed{loss};
  const auto append = [&packed](const Eigen::MatrixXd& m) {
    packed.insert(packed.end(), m.data(), m.data() + m.size());
  };
  append(confusion);
  for (const Eigen::MatrixXd& product : products) append(product);
  SumOverRanks(world_, packed.data(), base::MessageCount(packed.size()));

  SampleSums sums;
  sums.loss = packed[0];
  const double* next = packed.data() + 1;
  const auto take = [&next](const Eigen::MatrixXd& like) {
    Eigen::MatrixXd m = Eigen::Map<const Eigen::MatrixXd>(next, like.rows(), like.cols());
    next += like.size();
    return m;
  };
  sums.confusion = take(confusion).cast<int>();
  for (const Eigen::MatrixXd& product : products) {
    sums.correlations.push_back(Correlation(take(product)));
  }
  return sums;
}

}  // namespace symwave::training
