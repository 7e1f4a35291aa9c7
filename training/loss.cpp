#include "training/loss.hpp"

#include "domain/base/error.hpp"

namespace symwave::training {

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

Eigen::ArrayXXd IntensityLoss::Shares(const Amplitudes& y, Eigen::ArrayXd& total) const {
  Eigen::ArrayXXd shares = Eigen::ArrayXXd::Zero(y.Samples(), classes_);
  for (int p = 0; p < ports_; ++p) {
    if (Group(p) >= 0) {
      shares.col(Group(p)) += y.Re().col(p).square() + y.Im().col(p).square();
    }
  }
  total = shares.rowwise().sum() + 1e-300;  // no light at all: equal shares of nothing
  shares.colwise() /= total;
  return shares;
}

double IntensityLoss::Evaluate(const Amplitudes& y, const std::vector<int>& labels, double weight,
                               std::vector<int>& predicted, Amplitudes* error) const {
  const Eigen::Index samples = y.Samples();
  Eigen::ArrayXd total;
  const Eigen::ArrayXXd shares = Shares(y, total);
  predicted.resize(static_cast<std::size_t>(samples));
  Eigen::ArrayXXd slope;  // dL/dq
  double loss = 0;
  if (options_.kind == LossKind::CrossEntropy) {
    Eigen::ArrayXd peak = shares.rowwise().maxCoeff();
    slope = (options_.gain * (shares.colwise() - peak)).exp();
    Eigen::ArrayXd sum = slope.rowwise().sum();
    loss = sum.log().sum();
    slope.colwise() /= sum;
    for (Eigen::Index s = 0; s < samples; ++s) {
      const int label = labels[static_cast<std::size_t>(s)];
      loss -= options_.gain * (shares(s, label) - peak(s));
      slope(s, label) -= 1;
    }
    slope *= options_.gain * weight;
  } else {
    slope = shares;
    for (Eigen::Index s = 0; s < samples; ++s) slope(s, labels[static_cast<std::size_t>(s)]) -= 1;
    loss = slope.square().sum();
    slope *= 2 * weight;
  }
  for (Eigen::Index s = 0; s < samples; ++s) {
    shares.row(s).maxCoeff(&predicted[static_cast<std::size_t>(s)]);
  }
  if (error) {
    // dL/dI_p = (dL/dq_c - sum_k q_k dL/dq_k) / total for p in group c.
    const Eigen::ArrayXd mean = (shares * slope).rowwise().sum();
    slope.colwise() -= mean;
    slope.colwise() /= total;
    error->Resize(samples, ports_);
    for (int p = 0; p < ports_; ++p) {
      if (Group(p) < 0) {
        error->Re().col(p) = 0.0;
        error->Im().col(p) = 0.0;
      } else {
        error->Re().col(p) = slope.col(Group(p)) * y.Re().col(p);
        error->Im().col(p) = -slope.col(Group(p)) * y.Im().col(p);
      }
    }
  }
  return weight * loss;
}

}  // namespace symwave::training
