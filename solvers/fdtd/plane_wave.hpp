// Plane wave in a total-field/scattered-field box, or through a plane across a periodic lattice.
//
// The incident field is that of an auxiliary Yee line along the wave's axis with the cells and time
// step of the lattice, on which transverse differences are the exact multipliers i kappa, kappa =
// 2 sin(k h / 2) / h, of a Bloch wave. Driven through the terms of equivalence.hpp it solves the
// lattice equations to rounding, so that nothing leaks out of an empty box.
#pragma once

#include <mpi.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "domain/lattice.hpp"
#include "domain/medium.hpp"
#include "solvers/fdtd/signal.hpp"
#include "solvers/fdtd/waveform.hpp"

namespace symwave::solvers::fdtd {

/// Total fields fill the box `lo`..`hi` (snapped to the nearest nodes); an infinite bound means
/// that the box goes on to the end of the lattice there, without a face. The entry face, at `lo` of
/// the axis for direction +1 and at `hi` for -1, must be finite.
///
/// The wave travels along +-axis in a background of permittivity `eps` and `poles`, which must be
/// what the lattice holds wherever a face is. On a lattice with Bloch phases it has the transverse
/// wave vector k_a = phase_a / length_a at all frequencies (sin theta = k_t / (n w)); axes with a
/// phase must be uniform and spanned by the box.
///
/// At `origin` the wave is electric * a(t), at all frequencies; elsewhere it has the phase of the
/// lattice's wave. `electric` is transverse to the axis. Under oblique incidence its part along the
/// wave vector across (p) is turned with the wave: |E| stays, its part across the axis is electric
/// cos(theta).
struct PlaneWave {
  static constexpr double kUnbounded = std::numeric_limits<double>::infinity();

  domain::AxisName axis = domain::AxisName::X;
  int direction = +1;
  std::array<Complex, 3> electric{0, 0, 1};
  std::array<double, 3> origin{0, 0, 0};                            ///< um
  double eps = 1;                                                   ///< without the poles
  std::vector<domain::Pole> poles;                                  ///< of a dispersive background
  std::array<double, 3> lo{-kUnbounded, -kUnbounded, -kUnbounded};  ///< um
  std::array<double, 3> hi{kUnbounded, kUnbounded, kUnbounded};
  Waveform waveform = Waveform::Continuous(1);

  domain::Medium Background() const { return {"", eps, 0, poles}; }
};

/// The time [um] by which the line that drives the faces precedes the waveform, which holds at the
/// origin: a pulse must be delayed by it; 0 for a continuous wave. Not collective. UserError for a
/// wave that the lattice cannot carry.
double PlaneWaveLead(const domain::Lattice& lattice, double dt, const PlaneWave& wave);

/// The entries of the points in `held` (a box of points, periodic images included) and the line
/// that drives them. The line runs until its values on the faces have fallen to the waveform's
/// cutoff; near grazing incidence, where the tail is long, it stops after four times the pulse and
/// its way through the box. Not collective. UserError for a wave that the lattice cannot carry, a
/// box that leaves the lattice or reaches into a PML, a missing entry face, a field along the axis.
Current PlaneWaveCurrent(const domain::Lattice& lattice, double dt, const domain::IndexBox& held,
                         const PlaneWave& wave);

/// A sentence naming the first face of the box on which the tangential E stands in another medium
/// than the background (by more than 1e-6 of it, at the carrier, losses included), where the
/// incident field leaks; empty when all is well. A dispersive lattice passes when it has the
/// background's permittivity at the carrier. Collective on `comm`, the same on every rank: each
/// rank samples its share of the faces. UserError as PlaneWaveCurrent.
std::string PlaneWaveWarning(MPI_Comm comm, const domain::Lattice& lattice,
                             const domain::MediumMap& media, const PlaneWave& wave);

/// Transform at `omega`, as the engine's monitors take it, of the incident component at index
/// `index` along the axis (without the transverse phase), from a run of the line alone until the
/// pulse has passed, whatever its delay. UserError for a continuous wave.
Complex IncidentTransform(const domain::Lattice& lattice, double dt, const PlaneWave& wave,
                          domain::Component component, int index, double omega);

}  // namespace symwave::solvers::fdtd
