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
struct Dipole {
  domain::Component component = domain::Component::Ez;
  std::array<double, 3> position{0, 0, 0};  ///< um; z is ignored in 2D
  Complex moment = 1;
  DipolePlacement placement = DipolePlacement::Spread;
  Waveform waveform = Waveform::Continuous(1);
};

/// The entries of the points in `held` (a box of points, periodic images included). The weight of a
/// point is its share of the moment over the volume that belongs to it. Not collective. UserError
/// for a position outside the lattice and for a component that a 2D lattice lacks.
Current DipoleCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                      const Dipole& dipole);

}  // namespace symwave::solvers::fdtd
