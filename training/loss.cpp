#include "training/loss.hpp"

#include <utility>

namespace symwave::training {

double ScoreLoss(const LossOptions& options, const Eigen::ArrayXXd& scores,
                 const std::vector<int>& labels, double other, double weight,
                 std::vector<int>& predicted, Eigen::ArrayXXd* slope) {
  const Eigen::Index samples = scores.rows();
  Eigen::ArrayXXd per_score;  // dL/dz
  double loss = 0;
  if (options.kind == LossKind::CrossEntropy) {
    const Eigen::ArrayXd peak = scores.rowwise().maxCoeff();
    per_score = (options.gain * (scores.colwise() - peak)).exp();
    const Eigen::ArrayXd sum = per_score.rowwise().sum();
    loss = sum.log().sum();
    per_score.colwise() /= sum;
    for (Eigen::Index s = 0; s < samples; ++s) {
      const int label = labels[static_cast<std::size_t>(s)];
      loss -= options.gain * (scores(s, label) - peak(s));
      per_score(s, label) -= 1;
    }
    per_score *= options.gain * weight;
  } else {
    per_score = scores - other;
    for (Eigen::Index s = 0; s < samples; ++s) {
      per_score(s, labels[static_cast<std::size_t>(s)]) -= 1 - other;
    }
    loss = per_score.square().sum();
    per_score *= 2 * weight;
  }
  predicted.resize(static_cast<std::size_t>(samples));
  for (Eigen::Index s = 0; s < samples; ++s) {
    scores.row(s).maxCoeff(&predicted[static_cast<std::size_t>(s)]);
  }
  if (slope) *slope = std::move(per_score);
  return weight * loss;
}

double ClassLoss(const LossOptions& options, const Eigen::ArrayXXd& light,
                 const std::vector<int>& labels, double weight, std::vector<int>& predicted,
                 Eigen::ArrayXXd* slope) {
  Eigen::ArrayXXd total;
  const Eigen::ArrayXXd shares = SharesOf(light, total);
  const double loss = ScoreLoss(options, shares, labels, 0, weight, predicted, slope);
  if (slope) *slope = SlopeOfLight(shares, total, *slope);
  return loss;
}

double OutputLoss::Evaluate(const Amplitudes& y, const std::vector<int>& labels, double weight,
                            std::vector<int>& predicted, Amplitudes* error) const {
  const ClassScore::Reading reading = score_.Read(y);
  Eigen::ArrayXXd slope;
  const double loss = ScoreLoss(options_, reading.scores, labels, score_.OtherTarget(), weight,
                                predicted, error ? &slope : nullptr);
  if (error) score_.ErrorField(y, reading, slope, *error);
  return loss;
}

}  // namespace symwave::training
