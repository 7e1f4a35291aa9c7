// Spectra of the tangential fields on axis-normal rectangles of the Yee lattice, in pairs of E and
// H that stand at the same place across.
//
// On node plane i of axis a (a, b, c cyclic), E_b and H_c share their points across, and so do E_c
// and H_b; H stands half a cell before and half a cell behind the plane. H interpolated linearly to
// the plane, with areas cut at the border of the rectangle, makes sums of E x H* obey Poynting's
// theorem of the lattice exactly: the flux out of a closed box is the work of the currents inside.
#pragma once

#include <Eigen/Dense>
#include <array>
#include <vector>

#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/face.hpp"

namespace symwave::solvers::fdtd {

/// One tangential E component and the H component beside it at this rank's points of a face.
struct FacePair {
  domain::Component e, h;
  /// Power along the axis is parity * 1/2 Re(E H*).
  double parity = 1;
  std::vector<std::array<int, 3>> points;        ///< of the lattice, common to E and H across
  std::vector<std::array<double, 3>> positions;  ///< of E [um]
  std::vector<double> areas;                     ///< um^2 (um in 2D), cut at the border
  /// Coordinates of the plane of E and of the two planes of H along the normal [um].
  double plane = 0, before = 0, behind = 0;
  /// Weight of H before the plane in the interpolation to it; 1 - that behind it.
  double weight_before = 0.5;
  Eigen::MatrixXcd e_values;            ///< points x omegas
  Eigen::MatrixXcd h_before, h_behind;  ///< points x omegas
};

/// Places the transforms of one face on an engine and brings E and H together. Must not outlive the
/// engine.
class FaceFields {
 public:
  /// Collective. UserError where the face lies on a wall, in a PML, or across the seam of a
  /// periodic axis without filling it.
  FaceFields(yee::Transforms& fields, const Face& face, const std::vector<double>& omegas,
             int every = 1, long first = 0);

  const Face& Where() const { return face_; }
  /// Numbers of the transforms of E and H on the engine.
  std::array<int, 2> Transforms() const { return {electric_, magnetic_}; }
  /// Collective: one pair per polarisation that the lattice carries.
  std::vector<FacePair> Collect() const;

 private:
  yee::Transforms& fields_;
  Face face_;
  int electric_ = -1;
  int magnetic_ = -1;
};

}  // namespace symwave::solvers::fdtd
