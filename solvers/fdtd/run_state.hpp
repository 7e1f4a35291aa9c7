// Where a time-domain run stands and how it ended.
#pragma once

#include <string>
#include <vector>

#include "domain/base/state_archive.hpp"

namespace symwave::solvers::fdtd {

/// State of a run at one check; the same on every rank.
struct RunProgress {
  long step = 0;
  double time = 0;     ///< um
  double seconds = 0;  ///< wall-clock of the run, those before it was restored included
  /// Cell updates of all ranks in a second of steps, in millions, since this process began.
  double mcells_per_second = 0;
  double energy = 0;     ///< Engine::Energy()
  double decibel = 0;    ///< energy over its highest value so far
  long steps_left = -1;  ///< estimated; -1: not known
  double seconds_left = -1;
  bool fixed_end = false;  ///< whether the run ends after `steps_left` whatever the fields do
  long latest_step = -1;   ///< at which it ends whatever they do; -1: there is none
};

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

/// What a run has seen up to its last check, on which its next decisions depend.
struct RunState {
  struct Sample {
    long step = 0;
    double decibel = 0;
  };
  bool begun = false;  ///< false: nothing is known yet
  long first_step = 0;
  RunProgress last;
  double peak_energy = 0;
  double lowest_energy = -1;  ///< since the sources have ended, -1: they have not
  long fallen_step = -1;      ///< of the last noticeable fall of the energy
  double fallen_energy = 0;
  double decay_per_step = 0;    ///< dB
  std::vector<Sample> history;  ///< since the end of the sources
};

void SaveOrRestore(base::StateArchive& archive, const std::string& name, RunState& state);
void SaveOrRestore(base::StateArchive& archive, const std::string& name, RunResult& result);

}  // namespace symwave::solvers::fdtd
