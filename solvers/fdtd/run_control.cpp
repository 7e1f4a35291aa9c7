#include "solvers/fdtd/run_control.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/units.hpp"
#include "domain/base/waiting.hpp"
#include "solvers/fdtd/divergence.hpp"

namespace symwave::solvers::fdtd {

namespace {

/// Growth over the lowest energy since the sources ended that is a divergence. Light turns from E
/// to H and back within the energy as the engine takes it, by far less.
constexpr double kGrowth = 4;
/// With poles the field energy also comes back from the polarisation: growth over the peak.
constexpr double kGrowthWithPoles = 10;
/// Share of the peak below which the energy is rounding.
constexpr double kNoise = 1e-12;
/// A fall by 0.1 dB.
constexpr double kNoticeable = 0.977;

/// What rank 0 has read from its clock, on every rank.
double OfRank0(MPI_Comm comm, double seconds) {
  base::Mpi(MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, comm));
  return seconds;
}

bool HasPoles(const domain::MediumMap* media) {
  if (!media) return true;
  return std::any_of(media->media.begin(), media->media.end(),
                     [](const domain::Medium& m) { return !m.poles.empty(); });
}

class Run {
 public:
  Run(Engine& engine, const RunControl& control, RunState& state)
      : engine_(engine), control_(control), poles_(HasPoles(control.media)), state_(state) {
    base::Require(!state.begun || state.last.step == engine.Step(),
                  "engine and run are saved and restored together");
    if (control.check_every < 1) {
      base::Fail("check_every is {} steps; it must be at least 1", control.check_every);
    }
    if (!(control.decay >= 0 && control.decay < 1)) {
      base::Fail(
          "the energy decay that ends the run is {}; it must lie between 0 and 1, for "
          "example 1e-7",
          control.decay);
    }
    if (control.time > 0) {
      last_step_ = static_cast<long>(std::ceil(control.time / engine.TimeStep() * (1 - 1e-12)));
    }
    if (control.max_steps > 0) last_step_ = std::min(last_step_, control.max_steps);
    if (control.transit > 0 && last_step_ == kNever && control.source_end < kNever / 2) {
      patience_ = kPatience * (control.source_end + control.transit);
      last_step_ = kLongestRun / kPatience * patience_;
    }
    if (!HasEnd()) {
      base::Fail(
          "the run would never end: the sources go on and neither a time nor max_steps is "
          "given; give one of them");
    }
  }

  RunResult Finish() {
    start_ = OfRank0(engine_.Comm(), MPI_Wtime()) - state_.last.seconds;
    if (!state_.begun) Begin();
    while (!Ended()) {
      Advance(std::min<long>(control_.check_every, last_step_ - engine_.Step()));
      Check();
      if (control_.progress && !GoesOn()) {
        End(RunEnd::Stopped);
        break;
      }
    }
    result_.last = state_.last;
    result_.peak_energy = state_.peak_energy;
    result_.message = Message();
    return result_;
  }

 private:
  static constexpr long kNever = std::numeric_limits<long>::max();

  bool HasEnd() const {
    return last_step_ < kNever || (control_.decay > 0 && control_.source_end < kNever / 2);
  }
  bool ByDecay() const { return control_.time <= 0 && control_.decay > 0; }
  bool SourcesEnded() const { return engine_.Step() >= control_.source_end; }

  void Begin() {
    state_.begun = true;
    state_.first_step = engine_.Step();
    state_.last.step = engine_.Step();
    Check();
  }

  /// By so many steps, with the pauses on the way.
  void Advance(long steps) {
    const long end = engine_.Step() + steps;
    while (engine_.Step() < end) {
      const long pause = control_.next_pause ? control_.next_pause(engine_.Step()) : kNever;
      const double before = MPI_Wtime();
      const long first = engine_.Step();
      engine_.Advance(std::min(pause, end) - first);
      stepping_ += MPI_Wtime() - before;
      steps_taken_ += engine_.Step() - first;
      if (engine_.Step() == pause) control_.pause(pause);
    }
  }

  bool GoesOn() const {
    double stops = control_.progress(state_.last) ? 0 : 1;
    base::SumOverRanks(engine_.Comm(), &stops, 1);
    return stops == 0;
  }

  void Check() {
    base::FaultPoint("time_domain/stop_rule");
    RunProgress& now = state_.last;
    const double seconds = OfRank0(engine_.Comm(), MPI_Wtime()) - start_;
    const double stepping = OfRank0(engine_.Comm(), stepping_);
    now.step = engine_.Step();
    if (stepping > 0) {
      now.mcells_per_second = 1e-6 * static_cast<double>(engine_.Lattice().CellCount()) *
                              static_cast<double>(steps_taken_) / stepping;
    }
    now.time = static_cast<double>(now.step) * engine_.TimeStep();
    now.seconds = seconds;
    now.energy = engine_.Energy();
    WatchGrowth();
    if (!SourcesEnded()) state_.peak_energy = std::max(state_.peak_energy, now.energy);
    now.decibel = base::Decibel(now.energy / state_.peak_energy);
    Estimate();
  }

  void WatchGrowth() {
    const RunProgress& now = state_.last;
    if (!std::isfinite(now.energy)) Diverged("the field energy is not a finite number");
    if (!SourcesEnded()) return;
    if (state_.lowest_energy == kNone) {
      state_.lowest_energy = now.energy;
      state_.peak_energy = std::max(state_.peak_energy, now.energy);
    }
    state_.lowest_energy = std::min(state_.lowest_energy, now.energy);
    const double allowed =
        poles_ ? kGrowthWithPoles * state_.peak_energy : kGrowth * state_.lowest_energy;
    if (now.energy > allowed && now.energy > kNoise * state_.peak_energy &&
        state_.lowest_energy > 0) {
      Diverged(fmt::format("the field energy has grown by a factor {:.3g} since the sources ended",
                           now.energy / state_.lowest_energy));
    }
  }

  [[noreturn]] void Diverged(const std::string& what) {
    const std::string where = DescribeDivergence(engine_, control_.media);
    base::Fail("the fields diverge: at step {} {}; {}", engine_.Step(), what, where);
  }

  /// Steps left, from the decay since half-way between the end of the sources and now; until that
  /// is known as they are assumed.
  void Estimate() {
    RunProgress& now = state_.last;
    // The longest run allowed says nothing of one that ends by decay.
    const long most = last_step_ < kNever ? last_step_ - now.step : -1;
    now.fixed_end = !ByDecay();
    now.latest_step = last_step_ < kNever ? last_step_ : -1;
    now.steps_left = ByDecay() ? AssumedStepsLeft() : most;
    if (ByDecay() && SourcesEnded() && state_.peak_energy > 0) {
      state_.history.push_back({now.step, now.decibel});
      const RunState::Sample& before = state_.history[state_.history.size() / 2];
      const double fallen = before.decibel - now.decibel;
      state_.decay_per_step =
          now.step > before.step ? fallen / static_cast<double>(now.step - before.step) : 0;
      if (state_.decay_per_step > 0) {
        const double left = (now.decibel - base::Decibel(control_.decay)) / state_.decay_per_step;
        const auto steps = static_cast<long>(std::clamp(left, 0.0, 1e15));
        now.steps_left = most < 0 ? steps : std::min(steps, most);
      }
    }
    if (now.steps_left >= 0 && now.step > state_.first_step) {
      now.seconds_left = static_cast<double>(now.steps_left) * now.seconds /
                         static_cast<double>(now.step - state_.first_step);
    }
  }

  long AssumedStepsLeft() const {
    const long end = std::min(control_.expected_steps, last_step_);
    return end > engine_.Step() ? end - engine_.Step() : -1;
  }

  void End(RunEnd end) {
    result_.end = end;
    result_.converged = end == RunEnd::Decayed || end == RunEnd::TimeReached;
  }

  bool Ended() {
    const RunProgress& now = state_.last;
    if (ByDecay() && SourcesEnded()) {
      if (state_.peak_energy == 0) {
        End(RunEnd::NoField);
        return true;
      }
      if (now.energy <= control_.decay * state_.peak_energy) {
        End(RunEnd::Decayed);
        return true;
      }
    }
    if (Stalled()) {
      End(RunEnd::Stalled);
      return true;
    }
    if (now.step < last_step_) return false;
    const bool by_time = control_.time > 0 && now.time >= control_.time * (1 - 1e-9);
    End(by_time ? RunEnd::TimeReached : RunEnd::StepLimit);
    return true;
  }

  /// Whether the energy has stayed within 0.1 dB for too long.
  bool Stalled() {
    const RunProgress& now = state_.last;
    if (patience_ == kNever || !SourcesEnded()) return false;
    if (state_.fallen_step < 0 || now.energy < kNoticeable * state_.fallen_energy) {
      state_.fallen_step = now.step;
      state_.fallen_energy = now.energy;
    }
    return now.step - state_.fallen_step >= patience_;
  }

  std::string Message() const {
    const RunProgress& now = state_.last;
    switch (result_.end) {
      case RunEnd::Decayed:
        return fmt::format("the field energy has fallen to {:.1f} dB of its peak after {} steps",
                           now.decibel, now.step);
      case RunEnd::TimeReached:
        return fmt::format(
            "the time of {:.6g} um is reached after {} steps, with the field energy "
            "at {:.1f} dB of its peak",
            control_.time, now.step, now.decibel);
      case RunEnd::NoField:
        return fmt::format("no source has put energy into the lattice in {} steps", now.step);
      case RunEnd::Stopped:
        return "stopped on request: " + Unconverged();
      case RunEnd::StepLimit:
        if (patience_ < kNever) {
          return fmt::format(
              "the longest run is reached, {} times the sources and the way of light through the "
              "lattice and back (max_steps sets another): {}",
              kLongestRun, Unconverged());
        }
        return "max_steps is reached: " + Unconverged();
      case RunEnd::Stalled:
        return fmt::format("the field energy has not fallen by 0.1 dB in {} steps: {}", patience_,
                           Unconverged());
    }
    return "";
  }

  std::string Unconverged() const {
    const RunProgress& now = state_.last;
    std::string text = fmt::format("after {} steps the field energy is at {:.1f} dB of its peak",
                                   now.step, now.decibel);
    if (control_.decay > 0)
      text += fmt::format(" (asked for {:.1f} dB)", base::Decibel(control_.decay));
    if (!SourcesEnded()) return text + " and the sources have not ended: spectra are incomplete";
    text += fmt::format("; spectra may be off by {:.0e} of their amplitude",
                        std::sqrt(now.energy / state_.peak_energy));
    if (control_.decay > 0 && state_.decay_per_step > 0) {
      const double left = (now.decibel - base::Decibel(control_.decay)) / state_.decay_per_step;
      if (left < 1e3 * static_cast<double>(now.step)) {
        return text + fmt::format("; about {:.2g} steps more would do", left);
      }
    }
    return text +
           "; the energy hardly falls: a resonance of high quality, static charge left by a source "
           "with a mean value, waves of a few cells, or no absorbing boundary";
  }

  static constexpr double kNone = -1;

  Engine& engine_;
  const RunControl& control_;
  bool poles_;
  RunState& state_;
  long last_step_ = kNever;
  /// Of this process: what the steps themselves take, without frames and checkpoints between them.
  double stepping_ = 0;
  long steps_taken_ = 0;
  double start_ = 0;        ///< on the clock, less the seconds before the run was restored
  long patience_ = kNever;  ///< steps without a fall that end the run
  RunResult result_;
};

}  // namespace

RunResult RunUntilDecayed(Engine& engine, const RunControl& control, RunState& state) {
  return Run(engine, control, state).Finish();
}

RunResult RunUntilDecayed(Engine& engine, const RunControl& control) {
  RunState state;
  return RunUntilDecayed(engine, control, state);
}

}  // namespace symwave::solvers::fdtd
