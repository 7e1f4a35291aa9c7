#include "training/principal_components.hpp"

#include "domain/base/error.hpp"

namespace symwave::training {

PrincipalComponents::PrincipalComponents(const Eigen::ArrayXXd& samples, int count)
    : mean_(samples.matrix().colwise().mean()) {
  base::Require(count >= 1 && count <= samples.cols(), "components are no more than features");
  const Eigen::MatrixXd centred = samples.matrix().rowwise() - mean_;
  // Eigenvalues rise.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(centred.transpose() * centred);
  directions_ = eigen.eigenvectors().rightCols(count).rowwise().reverse();
  for (Eigen::Index c = 0; c < count; ++c) {
    Eigen::Index largest = 0;
    directions_.col(c).cwiseAbs().maxCoeff(&largest);
    if (directions_(largest, c) < 0) directions_.col(c) *= -1;
  }
  const double largest_variance = eigen.eigenvalues().maxCoeff();
  rank_ = static_cast<int>((eigen.eigenvalues().array() > 1e-12 * largest_variance).count());
  const double all = eigen.eigenvalues().sum();
  if (all > 0) share_ = eigen.eigenvalues().tail(count).sum() / all;
}

Eigen::ArrayXXd PrincipalComponents::Of(const Eigen::ArrayXXd& samples) const {
  return ((samples.matrix().rowwise() - mean_) * directions_).array();
}

}  // namespace symwave::training
