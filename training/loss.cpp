#include "training/loss.hpp"

#include "domain/base/error.hpp"

namespace symwave::training {

double ClassLoss(const LossOptions& options, const Eigen::ArrayXXd& light,
                 const std::vector<int>& labels, double weight, std::vector<int>& predicted,
                 Eigen::ArrayXXd* slope) {
  const Eigen::Index samples = light.rows();
  const Eigen::ArrayXd total = light.rowwise().sum() + 1e-300;  // no light: shares of nothing
  const Eigen::ArrayXXd shares = light.colwise() / total;
  Eigen::ArrayXXd per_share;  // dL/dq
  double loss = 0;
  if (options.kind == LossKind::CrossEntropy) {
    const Eigen::ArrayXd peak = shares.rowwise().maxCoeff();
    per_share = (options.gain * (shares.colwise() - peak)).exp();
    const Eigen::ArrayXd sum = per_share.rowwise().sum();
    loss = sum.log().sum();
    per_share.colwise() /= sum;
    for (Eigen::Index s = 0; s < samples; ++s) {
      const int label = labels[static_cast<std::size_t>(s)];
      loss -= options.gain * (shares(s, label) - peak(s));
      per_share(s, label) -= 1;
    }
    per_share *= options.gain * weight;
  } else {
    per_share = shares;
    for (Eigen::Index s = 0; s < samples; ++s) {
      per_share(s, labels[static_cast<std::size_t>(s)]) -= 1;
    }
    loss = per_share.square().sum();
    per_share *= 2 * weight;
  }
  predicted.resize(static_cast<std::size_t>(samples));
  for (Eigen::Index s = 0; s < samples; ++s) {
    light.row(s).maxCoeff(&predicted[static_cast<std::size_t>(s)]);
  }
  if (slope) {
    // dL/dz_c = (dL/dq_c - sum_k q_k dL/dq_k) / total
    const Eigen::ArrayXd mean = (shares * per_share).rowwise().sum();
    *slope = (per_share.colwise() - mean).colwise() / total;
  }
  return weight * loss;
}

IntensityLoss::IntensityLoss(const LossOptions& options, int ports, int classes)
    : options_(options), ports_(ports), classes_(classes) {
  if (ports < classes) {
    base::Fail(
        "the chip has {} output ports but the data have {} classes; each class needs a port "
        "(chip.ports)",
        ports, classes);
  }
  group_size_ = ports / classes;
  first_port_ = (ports - group_size_ * classes) / 2;
}

int IntensityLoss::Group(int port) const {
  const int shifted = port - first_port_;
  return shifted < 0 || shifted >= group_size_ * classes_ ? -1 : shifted / group_size_;
}

double IntensityLoss::Evaluate(const Amplitudes& y, const std::vector<int>& labels, double weight,
                               std::vector<int>& predicted, Amplitudes* error) const {
  Eigen::ArrayXXd light = Eigen::ArrayXXd::Zero(y.Samples(), classes_);
  for (int p = 0; p < ports_; ++p) {
    if (Group(p) >= 0) light.col(Group(p)) += y.Re().col(p).square() + y.Im().col(p).square();
  }
  Eigen::ArrayXXd slope;
  const double loss =
      ClassLoss(options_, light, labels, weight, predicted, error ? &slope : nullptr);
  if (!error) return loss;
  error->Resize(y.Samples(), ports_);
  for (int p = 0; p < ports_; ++p) {
    if (Group(p) < 0) {
      error->Re().col(p) = 0.0;
      error->Im().col(p) = 0.0;
    } else {
      error->Re().col(p) = slope.col(Group(p)) * y.Re().col(p);
      error->Im().col(p) = -slope.col(Group(p)) * y.Im().col(p);
    }
  }
  return loss;
}

}  // namespace symwave::training
