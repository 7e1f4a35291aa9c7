#include "solvers/fdtd/far_field_directions.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using Vector3 = Eigen::Vector3d;

/// Nodes and weights of Gauss-Legendre quadrature on (-1, 1): eigenvalues of the Jacobi matrix
/// (Golub and Welsch, Math. Comp. 23, 221 (1969)).
std::pair<Eigen::VectorXd, Eigen::VectorXd> GaussLegendre(int count) {
  Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(count, count);
  for (int m = 1; m < count; ++m) {
    jacobi(m, m - 1) = jacobi(m - 1, m) = m / std::sqrt(4.0 * m * m - 1);
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
  return {solver.eigenvalues(), 2 * solver.eigenvectors().row(0).cwiseAbs2().transpose()};
}

Direction DirectionOf(const Vector3& radial) {
  return {std::acos(std::clamp(radial[2], -1.0, 1.0)), std::atan2(radial[1], radial[0])};
}

}  // namespace

Vector3 Direction::Radial() const {
  return {std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
}

Vector3 Direction::AlongTheta() const {
  return {std::cos(theta) * std::cos(phi), std::cos(theta) * std::sin(phi), -std::sin(theta)};
}

Vector3 Direction::AlongPhi() const {
  return {-std::sin(phi), std::cos(phi), 0};
}

DirectionGrid SphereDirections(int count) {
  base::Require(count >= 1, "a grid of directions is not empty");
  const auto [cosines, weights] = GaussLegendre(count);
  DirectionGrid grid;
  for (int a = 0; a < count; ++a) {
    for (int b = 0; b < 2 * count; ++b) {
      grid.directions.push_back({std::acos(cosines[a]), M_PI * b / count});
      grid.weights.push_back(weights[a] * M_PI / count);
    }
  }
  return grid;
}

DirectionGrid CircleDirections(int count) {
  base::Require(count >= 1, "a grid of directions is not empty");
  DirectionGrid grid;
  for (int b = 0; b < count; ++b) {
    grid.directions.push_back({M_PI_2, 2 * M_PI * b / count});
    grid.weights.push_back(2 * M_PI / count);
  }
  return grid;
}

DirectionGrid HalfSpaceDirections(int axis, int sign, bool flat, int count,
                                  const std::vector<double>& splits) {
  const auto [nodes, weights] = GaussLegendre(count);
  std::vector<double> ends{0};
  ends.insert(ends.end(), splits.begin(), splits.end());
  ends.push_back(M_PI_2);
  const Vector3 normal = sign * Vector3::Unit(axis);
  const Vector3 first = Vector3::Unit(flat ? 1 - axis : (axis + 1) % 3);
  const Vector3 second = Vector3::Unit((axis + 2) % 3);
  const int around = flat ? 2 : 2 * count;
  DirectionGrid grid;
  for (size_t part = 0; part + 1 < ends.size(); ++part) {
    for (int a = 0; a < count; ++a) {
      // In 3D the nodes lie in the cosine, in 2D in the angle.
      const double low = flat ? ends[part] : std::cos(ends[part + 1]);
      const double high = flat ? ends[part + 1] : std::cos(ends[part]);
      const double node = 0.5 * (low + high) + 0.5 * (high - low) * nodes[a];
      const double angle = flat ? node : std::acos(node);
      const double weight = 0.5 * (high - low) * weights[a];
      for (int b = 0; b < around; ++b) {
        const double azimuth = 2 * M_PI * b / around;
        const Vector3 across =
            std::cos(azimuth) * first + (flat ? 0.0 : std::sin(azimuth)) * second;
        Direction direction = DirectionOf(std::cos(angle) * normal + std::sin(angle) * across);
        if (flat) direction.theta = M_PI_2;
        grid.directions.push_back(direction);
        grid.weights.push_back(flat ? weight : weight * 2 * M_PI / around);
      }
    }
  }
  return grid;
}

}  // namespace symwave::solvers::fdtd
