// Point dipoles.
#pragma once

#include <array>

#include "domain/lattice.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

enum class DipolePlacement {
  Nearest,  ///< on the nearest point of the component
  Spread,   ///< shared by the surrounding points, linear along each axis: keeps the first moment
};

/// J (or K for a magnetic component) = moment a(t) delta(r - position), with the signs of
/// engine.hpp: +J stands beside +curl H, so that moment is the negative of the usual current moment
/// I dl. In 2D the moment is per um along z. Far from everything in index 1
///   2D, Ez: E_z(w) = moment S(w) (w / 4) H0^(1)(w r).
///
/// A wall without PML is a mirror plane, which the lattice cannot tell from a real wall. A dipole
/// on it is its own image: it belongs to the model by one half for each such plane, so that model
/// and image make up the dipole of the whole problem. A dipole in front of the wall belongs to the
/// model whole, and its image is a second one; it radiates twice as much as the plane draws near.
struct Dipole {
  domain::Component component = domain::Component::Ez;
  std::array<double, 3> position{0, 0, 0};  ///< um; z is ignored in 2D
  Complex moment = 1;
  DipolePlacement placement = DipolePlacement::Spread;
  Waveform waveform = Waveform::Continuous(1);
};

/// The entries of the points in `held` (a box of points, periodic images included). The weight of a
/// point is its share of the moment inside the model over its volume inside the model. Not
/// collective. UserError for a position outside the lattice and for a component that a 2D lattice
/// lacks.
Current DipoleCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                      const Dipole& dipole);

}  // namespace symwave::solvers::fdtd
