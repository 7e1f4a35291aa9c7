#include "solvers/diffraction/thin_optics.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::diffraction {

namespace {

template <class Function>
Eigen::ArrayXd PerPixel(const PlaneShare& share, Function value) {
  const PlaneGrid& grid = share.Grid();
  Eigen::ArrayXd values(share.Pixels());
  long p = 0;
  for (int j = 0; j < share.Rows(); ++j) {
    const double y = grid.Y(share.FirstRow() + j);
    for (int i = 0; i < grid.nx; ++i) values[p++] = value(grid.X(i), y);
  }
  return values;
}

}  // namespace

double CornerRadius(const PlaneGrid& grid) {
  return 0.5 * grid.pitch * std::hypot(grid.nx, grid.ny > 1 ? grid.ny : 0);
}

double ZernikePhase(const Zernikes& z, double x, double y) {
  const double rr = x * x + y * y;
  return z.defocus * std::sqrt(3.0) * (2 * rr - 1) + z.coma * std::sqrt(8.0) * (3 * rr - 2) * x +
         z.spherical * std::sqrt(5.0) * (6 * rr * rr - 6 * rr + 1);
}

Eigen::ArrayXd ZernikePhase(const PlaneShare& share, const Zernikes& zernikes) {
  const double radius = CornerRadius(share.Grid());
  return PerPixel(
      share, [&](double x, double y) { return ZernikePhase(zernikes, x / radius, y / radius); });
}

Eigen::ArrayXd LensPhase(const PlaneShare& share, double wavelength, double focal_length) {
  return PerPixel(share, [=](double x, double y) {
    return -M_PI * (x * x + y * y) / (wavelength * focal_length);
  });
}

Eigen::ArrayXd SquareAperture(const PlaneShare& share, double width) {
  return PerPixel(share, [=](double x, double y) {
    return 2 * std::max(std::abs(x), std::abs(y)) <= width ? 1.0 : 0.0;
  });
}

Eigen::ArrayXd CircularAperture(const PlaneShare& share, double diameter) {
  return PerPixel(share,
                  [=](double x, double y) { return 2 * std::hypot(x, y) <= diameter ? 1.0 : 0.0; });
}

}  // namespace symwave::solvers::diffraction
