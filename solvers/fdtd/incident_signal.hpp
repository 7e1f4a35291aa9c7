// What drives the line of a plane wave some way before the origin of its phase.
#pragma once

#include <array>
#include <vector>

#include "domain/lattice.hpp"
#include "solvers/fdtd/plane_wave.hpp"

namespace symwave::solvers::fdtd {

/// Signals of the tangential E of both polarizations at a node of the wave's axis, so that at the
/// origin the wave is the waveform a(t) at all frequencies:
///   b(t) = 1/pi int_0^inf A(w) c(w) exp(-i w t - i phi(w)) dw,
/// A the transform of Re a(t), phi the phase that the lattice's wave gains from the node to the
/// origin; c = 1 for s (and at normal incidence), the cosine of the angle for p, whose E has a part
/// along the axis. Losses between the node and the origin are not made up for.
class IncidentSignal {
 public:
  enum Part { S, P };

  /// Not collective. The waveform must start at IncidentLead() or later.
  IncidentSignal(const domain::Lattice& lattice, double dt, const PlaneWave& wave, int node);

  /// b at step * dt.
  Complex At(Part part, long step) const;

 private:
  /// The samples of a pulse from `earliest` to `latest` [um].
  void Sample(const domain::Lattice& lattice, const PlaneWave& wave, int node, double earliest,
              double latest);

  Waveform waveform_;
  double dt_;
  /// Of a continuous wave, by which its signals are waveform times factor.
  std::array<Complex, 2> factor_{0, 0};
  long first_ = 0;  ///< step of the first sample
  std::vector<std::array<Complex, 2>> samples_;
};

/// The time [um] by which the signals at a node precede the waveform; 0 for a continuous wave.
double IncidentLead(const domain::Lattice& lattice, double dt, const PlaneWave& wave, int node);

}  // namespace symwave::solvers::fdtd
