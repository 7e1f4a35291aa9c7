#include "training/gradient_check.hpp"

#include <cmath>

namespace symwave::training {

double GradientCosine(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  const double norms = a.norm() * b.norm();
  return norms > 0 ? a.dot(b) / norms : 0;
}

double CentralDifference(const LossFunction& loss, const Eigen::VectorXd& commands, Eigen::Index e,
                         double step) {
  const auto shifted = [&](double shift) {
    Eigen::VectorXd changed = commands;
    changed(e) += shift;
    return loss(changed);
  };
  return (8 * (shifted(step) - shifted(-step)) - (shifted(2 * step) - shifted(-2 * step))) /
         (12 * step);
}

TaylorRemainders TaylorTest(const LossFunction& loss, const Eigen::VectorXd& commands,
                            const Eigen::VectorXd& gradient, const Eigen::VectorXd& direction,
                            const std::vector<double>& steps) {
  TaylorRemainders remainders;
  const double start = loss(commands);
  const double slope = gradient.dot(direction);
  for (const double h : steps) {
    const double change = loss(commands + h * direction) - start;
    remainders.zeroth.push_back(std::abs(change));
    remainders.first.push_back(std::abs(change - h * slope));
  }
  return remainders;
}

}  // namespace symwave::training
