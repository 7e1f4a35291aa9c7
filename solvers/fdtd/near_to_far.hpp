// Near-to-far-field transform: the field far away from the currents n x H and -n x E on faces that
// enclose the sources in a uniform background (Taflove and Hagness, 3rd ed., section 8.7).
//
//   3D: E(r) -> exp(i k r) / r       * (theta^ f_theta + phi^ f_phi)
//   2D: E(r) -> exp(i k r) / sqrt(r) * (theta^ f_theta + phi^ f_phi),   theta^ = -z^
//
// H on a face is that of both sides interpolated, divided by what the interpolation makes of a wave
// to the direction asked for, cos(k_normal h / 2); without this the amplitude is off by (k h)^2 / 8
// (compare Robinson and Schneider, IEEE Trans. Antennas Propag. 55, 3204 (2007)).
#pragma once

#include <complex>
#include <vector>

#include "domain/medium.hpp"
#include "solvers/fdtd/face_fields.hpp"

namespace symwave::solvers::fdtd {

/// Polar angle from +z and azimuth from +x [rad]. In 2D theta must be pi/2.
struct Direction {
  double theta = 0;
  double phi = 0;
};

struct FarField {
  std::complex<double> theta;
  std::complex<double> phi;
  /// n/2 (|f_theta|^2 + |f_phi|^2): power per steradian, or per radian and um in 2D, in the
  /// normalisation of FluxMonitor.
  double intensity = 0;
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

/// Place before the run. Must not outlive the engine.
class NearToFar {
 public:
  /// Collective. `faces` with outward signs: BoxFaces() of a box that contains everything but the
  /// background; or a single plane, whose edge cuts the field off there. Mirror images in walls are
  /// not added. UserError where the background absorbs.
  NearToFar(Engine& engine, const std::vector<Face>& faces, std::vector<double> omegas,
            const domain::Medium& background, int every = 1, long first = 0);

  const std::vector<double>& Omegas() const { return omegas_; }
  const std::vector<FaceFields>& Faces() const { return faces_; }
  /// Collective, the same on every rank: [omega * directions.size() + direction]. Every rank
  /// integrates over its own points.
  std::vector<FarField> Amplitudes(const std::vector<Direction>& directions) const;
  /// Collective: per omega, the intensity integrated over the grid.
  std::vector<double> Power(const DirectionGrid& grid) const;

 private:
  MPI_Comm comm_;
  bool two_dimensional_;
  std::vector<double> omegas_;
  std::vector<double> index_;  ///< of the background, per omega
  std::vector<FaceFields> faces_;
};

}  // namespace symwave::solvers::fdtd
