// Gradients against each other and against differences of the loss.
#pragma once

#include <Eigen/Dense>
#include <functional>
#include <vector>

namespace symwave::training {

/// Cosine of the angle between two gradients; 0 when one vanishes.
double GradientCosine(const Eigen::VectorXd& a, const Eigen::VectorXd& b);

using LossFunction = std::function<double(const Eigen::VectorXd& commands)>;

/// Derivative of the loss to command `e` by central differences of fourth order (four evaluations);
/// the error is of order step^4 and rounding / step.
double CentralDifference(const LossFunction& loss, const Eigen::VectorXd& commands, Eigen::Index e,
                         double step);

/// Remainders of the Taylor test at commands + h direction for each h: |L(h) - L(0)|, which falls
/// with slope 1, and |L(h) - L(0) - h g.direction|, which falls with slope 2 if g is the gradient.
struct TaylorRemainders {
  std::vector<double> zeroth;
  std::vector<double> first;
};
TaylorRemainders TaylorTest(const LossFunction& loss, const Eigen::VectorXd& commands,
                            const Eigen::VectorXd& gradient, const Eigen::VectorXd& direction,
                            const std::vector<double>& steps);

}  // namespace symwave::training
