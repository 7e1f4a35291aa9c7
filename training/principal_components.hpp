// Directions in which samples differ most.
#pragma once

#include <Eigen/Dense>

namespace symwave::training {

/// The `count` orthonormal directions of largest variance among samples, largest first; of both
/// signs of a direction the one whose largest entry is positive.
class PrincipalComponents {
 public:
  /// `samples` x features, more than one sample; 1 <= count <= features.
  PrincipalComponents(const Eigen::ArrayXXd& samples, int count);

  /// Projections of (samples - mean of those that the components were made of): samples x count.
  Eigen::ArrayXXd Of(const Eigen::ArrayXXd& samples) const;
  /// Directions with a variance above the rounding of the largest one.
  int Rank() const { return rank_; }
  /// Part of the variance of all features that lies along these directions.
  double VarianceShare() const { return share_; }

 private:
  Eigen::RowVectorXd mean_;
  Eigen::MatrixXd directions_;  ///< features x count
  double share_ = 1;
  int rank_ = 0;
};

}  // namespace symwave::training
