// Phases and transmissions of ideal thin elements on the pixels of this rank.
#pragma once

#include <Eigen/Dense>

#include "solvers/diffraction/plane.hpp"

namespace symwave::solvers::diffraction {

/// Radius of the circle through the corners of a plane [um].
double CornerRadius(const PlaneGrid& grid);

/// Coefficients [rad] of Zernike polynomials in the order and normalisation (rms 1 over the unit
/// circle) of Noll, J. Opt. Soc. Am. 66, 207 (1976):
///   Z4 = sqrt(3) (2 r^2 - 1),   Z8 = sqrt(8) (3 r^3 - 2 r) cos t,   Z11 = sqrt(5) (6 r^4 - 6 r^2 +
///   1)
struct Zernikes {
  double defocus = 0;    ///< Z4
  double coma = 0;       ///< Z8, along x
  double spherical = 0;  ///< Z11
};
/// At (x, y) of the unit circle.
double ZernikePhase(const Zernikes& zernikes, double x, double y);
/// On the circle through the corners of the plane [rad].
Eigen::ArrayXd ZernikePhase(const PlaneShare& share, const Zernikes& zernikes);

/// Phase of a thin lens, -pi (x^2 + y^2) / (wavelength focal_length) [rad].
Eigen::ArrayXd LensPhase(const PlaneShare& share, double wavelength, double focal_length);

/// 1 in a centred opening of this full width [um], 0 outside; a pixel belongs to it by its centre.
Eigen::ArrayXd SquareAperture(const PlaneShare& share, double width);
Eigen::ArrayXd CircularAperture(const PlaneShare& share, double diameter);

}  // namespace symwave::solvers::diffraction
