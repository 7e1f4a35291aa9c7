// Runs an engine until the light has left: stops by the decay of the field energy, reports how far
// it is, and stops a diverging run early with a sentence that says where it diverges.
#pragma once

#include <functional>
#include <string>

#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"

namespace symwave::solvers::fdtd {

/// State of a run at one check; the same on every rank.
struct RunProgress {
  long step = 0;
  double time = 0;               ///< um
  double seconds = 0;            ///< wall-clock since the start of the run
  double mcells_per_second = 0;  ///< cell updates of all ranks since the last check, in millions
  double energy = 0;             ///< Engine::Energy()
  double decibel = 0;            ///< energy over its highest value so far
  long steps_left = -1;          ///< estimated; -1: not known yet
  double seconds_left = -1;
};

struct RunControl {
  /// Ends the run when the energy has fallen to this share of its highest value. What is still in
  /// the lattice then has sqrt(decay) of the highest amplitude, the order of the error of spectra;
  /// rounding in float32 lies near 1e-13. 0: never.
  double decay = 1e-7;
  /// Step from which on all sources are zero (the latest SignalSet::EndStep()); the energy is
  /// judged from then on.
  long source_end = 0;
  double time = 0;     ///< um from step 0; where positive, the run ends there and not by decay
  long max_steps = 0;  ///< steps from step 0, 0: no limit
  /// Steps that light takes through the lattice and back. Where positive, a run that is to end by
  /// decay alone (no `time`, no `max_steps`) ends unconverged, too: when the energy has not fallen
  /// by 0.1 dB over kPatience times the sources and these steps, and after kLongestRun times them.
  long transit = 0;
  int check_every = 64;  ///< steps between two checks
  /// Called at every check on every rank with the same values. False ends the run (on all ranks
  /// alike: the answer must be the same).
  std::function<bool(const RunProgress&)> progress;
  /// Names the material where a run diverges; may be null.
  const domain::MediumMap* media = nullptr;
};

constexpr int kPatience = 10;
constexpr int kLongestRun = 1000;

enum class RunEnd { Decayed, TimeReached, StepLimit, Stalled, Stopped, NoField };

struct RunResult {
  RunEnd end = RunEnd::Decayed;
  RunProgress last;
  double peak_energy = 0;
  /// True when the energy has fallen to `decay` (or the fixed time was asked for).
  bool converged = false;
  /// One sentence for the log: why the run ended and, where it did not decay, what that means for
  /// the spectra and what to change.
  std::string message;
};

/// Collective. UserError on all ranks alike when values that are not finite appear, or when the
/// energy grows after the sources have ended: the sentence names the point of the largest field,
/// its material, the PML or wall it lies in, and the step. A lossless lattice without PML never
/// decays: give `time`, `max_steps` or `transit`.
RunResult RunUntilDecayed(Engine& engine, const RunControl& control);

}  // namespace symwave::solvers::fdtd
