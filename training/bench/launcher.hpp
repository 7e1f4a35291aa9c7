// The modulators that make the launched fields.
#pragma once

#include "solvers/diffraction/plane.hpp"
#include "training/bench/modulator.hpp"

namespace symwave::training::bench {

/// Even light passes an amplitude and a phase modulator with the errors of `LaunchErrors`. A wanted
/// field x is scaled to the brightest pixel of its plane, P = max |x|, and becomes
///   P A(|x| / P) T(arg x),   A of AmplitudeModulator, T of PhaseModulator.
/// Without errors that is x. Pixels wanted at less than half the dark level have the phase command
/// 0. A dark plane stays dark: its light is switched off.
class Launcher {
 public:
  Launcher(const solvers::diffraction::PlaneShare& share, const LaunchErrors& errors);

  /// Wanted fields to launched ones, this rank's pixels x planes, in place. Collective on the
  /// communicator of the share.
  template <class Real>
  void Launch(solvers::diffraction::Fields<Real>& planes) const;

  double Bytes() const { return amplitude_.Bytes() + phase_.Bytes(); }

 private:
  solvers::diffraction::PlaneShare share_;
  bool exact_;
  double dark_level_;
  AmplitudeModulator amplitude_;
  PhaseModulator phase_;
};

}  // namespace symwave::training::bench
