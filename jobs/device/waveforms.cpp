#include "jobs/device/waveforms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/log.hpp"

namespace symwave::jobs::device {

namespace {

using solvers::fdtd::Waveform;

/// Spectra below this share of the peak are not divided by.
constexpr double kWeakest = 1e-3;
/// Amplitude over the peak at which a pulse's spectrum ends for the sampling.
constexpr double kEnd = 1e-4;

double Level(const Waveform& waveform, double omega, double dt) {
  return std::abs(waveform.Spectrum(omega, dt));
}

/// The frequency on one side of the carrier from which on a pulse has less than `level` of its
/// peak, to a percent of the carrier.
double EndOfSpectrum(const Waveform& waveform, double dt, double level, int side) {
  const double carrier = waveform.Omega();
  if (waveform.IsContinuous()) return carrier;
  const double weak = level * Level(waveform, carrier, dt);
  double omega = carrier;
  for (int k = 1; k < 1000; ++k) {
    const double next = carrier * (1 + 0.01 * side * k);
    if (next <= 0 || next * dt > M_PI) break;
    omega = next;
    if (Level(waveform, omega, dt) < weak) break;
  }
  return omega;
}

/// The wavelengths that a monitor divides by the source's spectrum; none for a probe.
std::vector<double> WavelengthsOf(const deck::MonitorOptions& monitor,
                                  const deck::SimulateOptions& options) {
  if (std::holds_alternative<deck::ProbeOptions>(monitor.what)) return {};
  if (const auto* dft = std::get_if<deck::DftMonitorOptions>(&monitor.what)) {
    if (!dft->wavelengths.empty()) return dft->wavelengths;
    return {options.MiddleWavelength()};
  }
  return options.wavelengths;
}

void CheckMonitor(const deck::MonitorOptions& monitor, const deck::SimulateOptions& options,
                  const Waveform& waveform, double dt) {
  const double peak = waveform.IsContinuous() ? 0 : Level(waveform, waveform.Omega(), dt);
  for (const double wavelength : WavelengthsOf(monitor, options)) {
    const double omega = 2 * M_PI / wavelength;
    if (waveform.IsContinuous()) {
      if (IsCarrier(waveform, omega)) continue;
      base::Warn(
          "{}: monitor {}: the first source is a continuous wave of {:.4f} um; at {:.4f} um and "
          "other wavelengths it has no light, and no numbers are written",
          monitor.where, monitor.name, 2 * M_PI / waveform.Omega(), wavelength);
      return;
    }
    if (Level(waveform, omega, dt) >= kWeakest * peak) continue;
    base::Fail(
        "{}: monitor {} looks at {:.4f} um, where the pulse of the first source has less than "
        "{:.0e} of its peak; it reaches from {:.4f} to {:.4f} um: change its waveform (wavelength, "
        "bandwidth) or the wavelengths",
        monitor.where, monitor.name, wavelength, kWeakest,
        2 * M_PI / EndOfSpectrum(waveform, dt, kWeakest, 1),
        2 * M_PI / EndOfSpectrum(waveform, dt, kWeakest, -1));
  }
}

bool SameCourse(const deck::WaveformOptions& a, const deck::WaveformOptions& b) {
  return a.kind == b.kind && a.wavelength == b.wavelength && a.bandwidth == b.bandwidth;
}

/// Resonances are not found of a source that never ends.
void RequireRinging(const deck::SimulateOptions& options) {
  const auto continuous = std::find_if(options.sources.begin(), options.sources.end(),
                                       [](const deck::SourceOptions& s) {
                                         return s.waveform.kind == deck::WaveformKind::Continuous;
                                       });
  if (continuous == options.sources.end()) return;
  for (const deck::MonitorOptions& monitor : options.monitors) {
    const auto* probe = std::get_if<deck::ProbeOptions>(&monitor.what);
    if (!probe || !probe->resonances) continue;
    base::Fail(
        "{}: probe {} asks for resonances, which are found in what rings after the sources have "
        "ended, but the source at {} is a continuous wave, which never ends: give it a pulse "
        "(waveform: {{kind: pulse}}), or remove resonances",
        monitor.where, monitor.name, continuous->where);
  }
}

}  // namespace

Waveform WaveformOf(const deck::WaveformOptions& given, const TimeDomainProblem& problem) {
  const auto band = problem.OmegaBand();
  const double middle = 0.5 * (band[0] + band[1]);
  if (given.kind == deck::WaveformKind::Continuous) {
    // The one wavelength of a deck that has one.
    const double centre = 0.5 * (problem.wavelengths[0] + problem.wavelengths[1]);
    return Waveform::Continuous(2 * M_PI / given.wavelength.value_or(centre));
  }
  const double omega = given.wavelength ? 2 * M_PI / *given.wavelength : middle;
  if (given.bandwidth) {
    return Waveform::Pulse(omega, *given.bandwidth / 2).Delayed(problem.launch_delay);
  }
  const double half = std::max(0.5 * (band[1] - band[0]) / middle, 0.05);
  return Waveform::Band(2 * M_PI / (omega * (1 + half)), 2 * M_PI / (omega * (1 - half)))
      .Delayed(problem.launch_delay);
}

int SamplingOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  const double dt = problem.time_step;
  int every = std::numeric_limits<int>::max();
  for (const deck::MonitorOptions& monitor : options.monitors) {
    for (const double wavelength : WavelengthsOf(monitor, options)) {
      every = std::min(every, solvers::fdtd::StepsBetweenSamples(2 * M_PI / wavelength, dt));
    }
  }
  for (const deck::SourceOptions& source : options.sources) {
    const double highest = EndOfSpectrum(WaveformOf(source.waveform, problem), dt, kEnd, 1);
    every = std::min(every, solvers::fdtd::StepsBetweenSamples(highest, dt, 4));
  }
  return every == std::numeric_limits<int>::max() ? 1 : every;
}

SampleWindow WindowOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  SampleWindow window;
  window.every = SamplingOf(options, problem);
  if (options.sources.empty()) return window;
  const Waveform waveform = WaveformOf(options.sources.front().waveform, problem);
  if (!waveform.IsContinuous()) return window;
  const double steps = options.solver.time_domain.stop.max_time / problem.time_step;
  const long samples = static_cast<long>(steps) / window.every;
  const double phase = waveform.Omega() * problem.time_step * window.every;
  const long longest = samples / 4;
  const auto periods = static_cast<long>(20 * 2 * M_PI / phase);
  // The number of samples nearest to a number of half periods: what exp(-2 i w t) adds vanishes.
  long half = longest;
  for (long n = longest; n > std::max(longest - periods, longest * 3 / 4); --n) {
    const auto rest = [&](long count) { return std::abs(std::sin(phase * count)); };
    if (rest(n) < rest(half)) half = n;
  }
  if (half < 1) return window;
  window.first = (samples - 2 * half) * window.every;
  window.middle = (samples - half) * window.every;
  return window;
}

Waveform PulseOf(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  const auto band = problem.OmegaBand();
  const double cutoff =
      0.03 * std::sqrt(options.solver.time_domain.stop.decay.value_or(deck::kDefaultDecay));
  return Waveform::Covering(band[0], band[1], 0.08, 0.2, std::clamp(cutoff, 1e-9, 1e-3));
}

void CheckDuration(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  const double limit = options.solver.time_domain.stop.max_time;
  if (limit == 0) return;
  const auto check = [limit](const std::string& where, const Waveform& pulse) {
    if (pulse.IsContinuous() || pulse.EndTime() <= limit) return;
    base::Fail(
        "{}: solver.stop.max_time = {} um ends the run before the pulse, which takes {:.4g} um, "
        "has been launched; make max_time larger, or the band of the pulse wider",
        where, limit, pulse.EndTime());
  };
  if (options.sources.empty()) check(options.solver.where, PulseOf(options, problem));
  for (const deck::SourceOptions& source : options.sources) {
    check(source.where, WaveformOf(source.waveform, problem));
  }
}

bool IsCarrier(const Waveform& waveform, double omega) {
  return waveform.IsContinuous() && std::abs(omega / waveform.Omega() - 1) < 1e-6;
}

/// Of a port mode the incident amplitude is measured at the deck's wavelengths alone.
void CheckPortWavelengths(const deck::SimulateOptions& options) {
  for (const deck::MonitorOptions& monitor : options.monitors) {
    for (const double wavelength : WavelengthsOf(monitor, options)) {
      const bool known =
          std::any_of(options.wavelengths.begin(), options.wavelengths.end(),
                      [&](double w) { return std::abs(w - wavelength) < kSameWavelength * w; });
      if (known) continue;
      base::Fail(
          "{}: monitor {} looks at {} um, but with ports it must be one of the deck's wavelengths, "
          "at which the launched light is measured; change either",
          monitor.where, monitor.name, wavelength);
    }
  }
}

void CheckSpectra(const deck::SimulateOptions& options, const TimeDomainProblem& problem) {
  if (options.sources.empty()) return CheckPortWavelengths(options);
  RequireRinging(options);
  if (options.monitors.empty()) return;
  const deck::SourceOptions& first = options.sources.front();
  const Waveform waveform = WaveformOf(first.waveform, problem);
  for (const deck::MonitorOptions& monitor : options.monitors) {
    CheckMonitor(monitor, options, waveform, problem.time_step);
  }
  for (const deck::SourceOptions& source : options.sources) {
    if (SameCourse(source.waveform, first.waveform) && source.amplitude == first.amplitude) {
      continue;
    }
    base::Warn(
        "{}: the sources differ in waveform or amplitude; spectra are divided by the waveform of "
        "the first one, and by no amplitude",
        source.where);
    return;
  }
}

}  // namespace symwave::jobs::device
