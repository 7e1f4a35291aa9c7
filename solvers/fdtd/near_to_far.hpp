// Near-to-far-field transform: the field far away from the currents n x H and -n x E on faces that
// enclose the sources, in a medium of layers across one axis and walls (Taflove and Hagness, 3rd
// ed., section 8.7; the layers by reciprocity).
//
//   3D: E(r) -> exp(i k r) / r       * (theta^ f_theta + phi^ f_phi)
//   2D: E(r) -> exp(i k r) / sqrt(r) * (theta^ f_theta + phi^ f_phi),   theta^ = -z^
//
// with k of the half-space of the direction. By reciprocity f . e is the work of the currents on
// the field that a wave of unit amplitude e, from the direction, makes in the layers,
//
//   f . e = i w g int (J . E_e - M . H_e) dA,    g = 1 / (4 pi),  2D: exp(i pi / 4) / sqrt(8 pi k),
//
// plane waves of one medium being the plain case. Walls add the mirror images of the currents.
//
// H on a face is that of both sides interpolated, divided by what the interpolation makes of a wave
// to the direction asked for, cos(k_normal h / 2); without this the amplitude is off by (k h)^2 / 8
// (compare Robinson and Schneider, IEEE Trans. Antennas Propag. 55, 3204 (2007)).
#pragma once

#include <array>
#include <complex>
#include <vector>

#include "domain/medium.hpp"
#include "solvers/fdtd/face_fields.hpp"
#include "solvers/fdtd/far_field_directions.hpp"
#include "solvers/fdtd/far_field_outside.hpp"
#include "solvers/fdtd/layered_medium.hpp"

namespace symwave::solvers::fdtd {

struct FarField {
  std::complex<double> theta;
  std::complex<double> phi;
  /// n/2 (|f_theta|^2 + |f_phi|^2), n of the half-space of the direction: power per steradian, or
  /// per radian and um in 2D, in the normalisation of FluxMonitor.
  double intensity = 0;
};

/// The medium at every omega, continued as its mirror image behind a wall across its axis.
/// UserError where no light arrives far away, because all that reaches to infinity absorbs.
std::vector<LayeredMedium> LayersOf(const Outside& outside, const std::vector<double>& omegas);

/// Place before the run. Must not outlive the engine.
class NearToFar {
 public:
  /// Collective. `faces` with outward signs: BoxFaces() of a box outside of which there is nothing
  /// but `outside`; or a single plane, whose edge cuts the field off there. UserError as LayersOf.
  NearToFar(yee::Transforms& fields, const std::vector<Face>& faces, std::vector<double> omegas,
            Outside outside, int every = 1, long first = 0);

  const std::vector<double>& Omegas() const { return omegas_; }
  const std::vector<FaceFields>& Faces() const { return faces_; }
  /// The outside at an omega, continued behind a wall across its axis.
  const LayeredMedium& Layers(size_t omega) const { return layers_[omega]; }
  /// Collective, the same on every rank: [omega * directions.size() + direction]. Every rank
  /// integrates over its own points. Nothing goes behind a wall that is no mirror plane of a
  /// symmetric model, nor into a half-space that absorbs.
  std::vector<FarField> Amplitudes(const std::vector<Direction>& directions) const;
  /// Collective: per omega, the intensity integrated over the grid.
  std::vector<double> Power(const DirectionGrid& grid) const;
  /// Collective: per omega, the power far away below and above the layers (below and above the
  /// middle in one medium), cut at the critical angles.
  std::vector<std::array<double, 2>> SidePowers() const;
  /// Collective: per omega, the power out of the faces as FluxMonitor has it, of both halves of a
  /// symmetric model.
  std::vector<double> Flux() const;

 private:
  struct Currents;
  struct Image;

  std::vector<Currents> Collect() const;
  std::vector<Image> Images() const;
  std::vector<Eigen::Vector3cd> Integrals(const std::vector<Currents>& currents, size_t omega,
                                          const std::vector<Eigen::Vector3d>& directions) const;
  std::vector<FarField> AtOmega(const std::vector<Currents>& currents, size_t omega,
                                const std::vector<Direction>& directions) const;
  bool Hidden(const Eigen::Vector3d& direction) const;
  /// Nodes per part of a half-space that resolve the pattern of the faces and their images.
  int NodesFor(double wave_number) const;

  yee::Transforms& fields_;
  bool two_dimensional_;
  std::vector<double> omegas_;
  std::vector<MirrorWall> walls_;
  std::vector<LayeredMedium> layers_;  ///< per omega
  std::vector<FaceFields> faces_;
};

}  // namespace symwave::solvers::fdtd
