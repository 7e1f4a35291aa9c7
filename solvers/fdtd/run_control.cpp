#include "solvers/fdtd/run_control.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
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

double Decibel(double ratio) {
  return ratio > 0 ? 10 * std::log10(ratio) : -std::numeric_limits<double>::infinity();
}

/// The clock of rank 0 on every rank.
double SharedClock(MPI_Comm comm) {
  double now = MPI_Wtime();
  base::Mpi(MPI_Bcast(&now, 1, MPI_DOUBLE, 0, comm));
  return now;
}

bool HasPoles(const domain::MediumMap* media) {
  if (!media) return true;
  return std::any_of(media->media.begin(), media->media.end(),
                     [](const domain::Medium& m) { return !m.poles.empty(); });
}

class Run {
 public:
  Run(Engine& engine, const RunControl& control)
      : engine_(engine),
        control_(control),
        poles_(HasPoles(control.media)),
        first_step_(engine.Step()) {
    result_.last.step = first_step_;
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
    start_ = SharedClock(engine_.Comm());
    Check();
    while (!Ended()) {
      engine_.Advance(std::min<long>(control_.check_every, last_step_ - engine_.Step()));
      Check();
      if (control_.progress && !control_.progress(result_.last)) {
        End(RunEnd::Stopped);
        break;
      }
    }
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

  void Check() {
    base::FaultPoint("time_domain/stop_rule");
    RunProgress& now = result_.last;
    const double seconds = SharedClock(engine_.Comm()) - start_;
    const long steps = engine_.Step() - now.step;
    if (steps > 0 && seconds > now.seconds) {
      now.mcells_per_second = 1e-6 * static_cast<double>(engine_.Lattice().CellCount()) *
                              static_cast<double>(steps) / (seconds - now.seconds);
    }
    now.step = engine_.Step();
    now.time = static_cast<double>(now.step) * engine_.TimeStep();
    now.seconds = seconds;
    now.energy = engine_.Energy();
    WatchGrowth();
    if (!SourcesEnded()) result_.peak_energy = std::max(result_.peak_energy, now.energy);
    now.decibel = Decibel(now.energy / result_.peak_energy);
    Estimate();
  }

  void WatchGrowth() {
    const RunProgress& now = result_.last;
    if (!std::isfinite(now.energy)) Diverged("the field energy is not a finite number");
    if (!SourcesEnded()) return;
    if (lowest_ == kNone) {
      lowest_ = now.energy;
      result_.peak_energy = std::max(result_.peak_energy, now.energy);
    }
    lowest_ = std::min(lowest_, now.energy);
    const double allowed = poles_ ? kGrowthWithPoles * result_.peak_energy : kGrowth * lowest_;
    if (now.energy > allowed && now.energy > kNoise * result_.peak_energy && lowest_ > 0) {
      Diverged(fmt::format("the field energy has grown by a factor {:.3g} since the sources ended",
                           now.energy / lowest_));
    }
  }

  [[noreturn]] void Diverged(const std::string& what) {
    const std::string where = DescribeDivergence(engine_, control_.media);
    base::Fail("the fields diverge: at step {} {}; {}", engine_.Step(), what, where);
  }

  /// Steps left, from the decay since half-way between the end of the sources and now.
  void Estimate() {
    RunProgress& now = result_.last;
    now.steps_left = last_step_ < kNever ? last_step_ - now.step : -1;
    if (ByDecay() && SourcesEnded() && result_.peak_energy > 0) {
      history_.push_back({now.step, now.decibel});
      const Sample& before = history_[history_.size() / 2];
      const double fallen = before.decibel - now.decibel;
      decay_per_step_ =
          now.step > before.step ? fallen / static_cast<double>(now.step - before.step) : 0;
      if (decay_per_step_ > 0) {
        const double left = (now.decibel - Decibel(control_.decay)) / decay_per_step_;
        const auto steps = static_cast<long>(std::clamp(left, 0.0, 1e15));
        now.steps_left = now.steps_left < 0 ? steps : std::min(steps, now.steps_left);
      }
    }
    if (now.steps_left >= 0 && now.step > first_step_) {
      now.seconds_left = static_cast<double>(now.steps_left) * now.seconds /
                         static_cast<double>(now.step - first_step_);
    }
  }

  void End(RunEnd end) {
    result_.end = end;
    result_.converged = end == RunEnd::Decayed || end == RunEnd::TimeReached;
  }

  bool Ended() {
    const RunProgress& now = result_.last;
    if (ByDecay() && SourcesEnded()) {
      if (result_.peak_energy == 0) {
        End(RunEnd::NoField);
        return true;
      }
      if (now.energy <= control_.decay * result_.peak_energy) {
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
    const RunProgress& now = result_.last;
    if (patience_ == kNever || !SourcesEnded()) return false;
    if (fallen_step_ < 0 || now.energy < kNoticeable * fallen_energy_) {
      fallen_step_ = now.step;
      fallen_energy_ = now.energy;
    }
    return now.step - fallen_step_ >= patience_;
  }

  std::string Message() const {
    const RunProgress& now = result_.last;
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
    const RunProgress& now = result_.last;
    std::string text = fmt::format("after {} steps the field energy is at {:.1f} dB of its peak",
                                   now.step, now.decibel);
    if (control_.decay > 0) text += fmt::format(" (asked for {:.1f} dB)", Decibel(control_.decay));
    if (!SourcesEnded()) return text + " and the sources have not ended: spectra are incomplete";
    text += fmt::format("; spectra may be off by {:.0e} of their amplitude",
                        std::sqrt(now.energy / result_.peak_energy));
    if (control_.decay > 0 && decay_per_step_ > 0) {
      const double left = (now.decibel - Decibel(control_.decay)) / decay_per_step_;
      if (left < 1e3 * static_cast<double>(now.step)) {
        return text + fmt::format("; about {:.2g} steps more would do", left);
      }
    }
    return text +
           "; the energy hardly falls: a resonance of high quality, static charge left by a source "
           "with a mean value, waves of a few cells, or no absorbing boundary";
  }

  struct Sample {
    long step;
    double decibel;
  };
  static constexpr double kNone = -1;

  Engine& engine_;
  const RunControl& control_;
  bool poles_;
  long first_step_;
  long last_step_ = kNever;
  double start_ = 0;
  double lowest_ = kNone;
  double decay_per_step_ = 0;
  long patience_ = kNever;  ///< steps without a fall that end the run
  long fallen_step_ = -1;   ///< of the last noticeable fall
  double fallen_energy_ = 0;
  std::vector<Sample> history_;  ///< since the end of the sources
  RunResult result_;
};

}  // namespace

RunResult RunUntilDecayed(Engine& engine, const RunControl& control) {
  return Run(engine, control).Finish();
}

}  // namespace symwave::solvers::fdtd
