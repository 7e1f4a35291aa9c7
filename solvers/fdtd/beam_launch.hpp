// Where and how a Gaussian beam enters a lattice: the plane, its cells and what does not fit.
#pragma once

#include <array>

#include "domain/lattice.hpp"
#include "solvers/fdtd/equivalence.hpp"
#include "solvers/fdtd/gaussian_beam.hpp"
#include "solvers/fdtd/lattice_index.hpp"

namespace symwave::solvers::fdtd {

struct BeamLaunch {
  LaunchPlane plane;
  std::array<double, 3> direction;  ///< unit
  std::array<double, 3> cell;       ///< sizes next to the beam on the plane; 0 along z in 2D
  std::array<double, 3> centre;     ///< where the beam's axis meets the plane
  double distance = 0;              ///< from there to the focus along the beam
  std::array<double, 2> band{};     ///< angular frequencies that are looked at
  /// Those over which the beam is made, more for the sake of a short pulse; as `band` where that is
  /// one frequency.
  std::array<double, 2> fitted{};
};

/// The beam with a focus that lies within half a cell of a mirror plane across it moved onto it.
GaussianBeam FocusOnMirrorPlanes(const domain::Lattice& lattice, GaussianBeam beam);

/// Of a beam after FocusOnMirrorPlanes. UserError as GaussianBeamLead but for the number of
/// signals.
BeamLaunch PlanBeam(const domain::Lattice& lattice, double dt, const GaussianBeam& beam);

/// 1/e radius of the field at the plane, across the beam, for a wave number in the medium.
double RadiusAtPlane(const GaussianBeam& beam, const BeamLaunch& launch, double wave_number);

}  // namespace symwave::solvers::fdtd
