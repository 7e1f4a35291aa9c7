// Runs an engine until the light has left: stops by the decay of the field energy, reports how far
// it is, and stops a diverging run early with a sentence that says where it diverges.
#pragma once

#include <functional>

#include "domain/medium.hpp"
#include "solvers/fdtd/engine.hpp"
#include "solvers/fdtd/run_state.hpp"

namespace symwave::solvers::fdtd {

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
  /// Steps that a run by decay is assumed to take, for RunProgress::steps_left until the decay is
  /// known; 0: nothing is assumed.
  long expected_steps = 0;
  int check_every = 64;  ///< steps between two checks
  /// Called at every check on every rank with the same values: engine and RunState may then be
  /// saved. False on any rank ends the run on all.
  std::function<bool(const RunProgress&)> progress;
  /// Steps between the checks at which the run pauses, which changes nothing of it: the next one
  /// after `step`, the same on every rank, and what is called there; the engine may be read.
  std::function<long(long step)> next_pause;
  std::function<void(long step)> pause;
  /// Names the material where a run diverges; may be null.
  const domain::MediumMap* media = nullptr;
};

constexpr int kPatience = 10;
constexpr int kLongestRun = 1000;

/// Collective. UserError on all ranks alike when values that are not finite appear, or when the
/// energy grows after the sources have ended: the sentence names the point of the largest field,
/// its material, the PML or wall it lies in, and the step. A lossless lattice without PML never
/// decays: give `time`, `max_steps` or `transit`.
///
/// `state` is where the run begins, a new one or what was saved of another run within `progress`,
/// together with the engine; it is kept up to date. The decisions of a run that goes on are those
/// of the one that was saved.
RunResult RunUntilDecayed(Engine& engine, const RunControl& control, RunState& state);
RunResult RunUntilDecayed(Engine& engine, const RunControl& control);

}  // namespace symwave::solvers::fdtd
