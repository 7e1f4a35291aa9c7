// Directions of far fields and their integrals.
#pragma once

#include <Eigen/Dense>
#include <vector>

namespace symwave::solvers::fdtd {

/// Polar angle from +z and azimuth from +x [rad]. In 2D theta must be pi/2.
struct Direction {
  double theta = 0;
  double phi = 0;

  Eigen::Vector3d Radial() const;
  Eigen::Vector3d AlongTheta() const;
  Eigen::Vector3d AlongPhi() const;
};

/// Directions with the weights [sr or rad] of their integral over all angles.
struct DirectionGrid {
  std::vector<Direction> directions;
  std::vector<double> weights;
};

/// Gauss-Legendre in cos(theta), trapezoids in phi: exact for patterns of angular order below
/// `count`. 2 count^2 directions.
DirectionGrid SphereDirections(int count);
/// `count` equal steps in the plane.
DirectionGrid CircleDirections(int count);

/// The half-space above (sign 1) or below (-1) a plane across `axis`: `count` Gauss-Legendre nodes
/// in each of the parts into which the angles `splits` [rad, from the axis] cut it. `flat`: in the
/// plane z = 0.
DirectionGrid HalfSpaceDirections(int axis, int sign, bool flat, int count,
                                  const std::vector<double>& splits);

}  // namespace symwave::solvers::fdtd
