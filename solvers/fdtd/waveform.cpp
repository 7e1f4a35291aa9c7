#include "solvers/fdtd/waveform.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

void CheckPositive(double value, const char* what) {
  if (!(value > 0) || !std::isfinite(value)) {
    base::Fail("waveform: {} is {}, but must be positive and finite", what, value);
  }
}

void CheckFraction(double value, const char* what) {
  if (!(value > 0 && value < 1)) {
    base::Fail("waveform: {} is {}, but must lie between 0 and 1", what, value);
  }
}

}  // namespace

Waveform Waveform::Pulse(double omega0, double relative_width, double cutoff) {
  CheckPositive(omega0, "the centre frequency");
  CheckFraction(relative_width, "the relative width");
  CheckFraction(cutoff, "the cutoff");
  Waveform pulse;
  pulse.omega_ = omega0;
  pulse.tau_ = 1 / (relative_width * omega0);
  pulse.centre_ = pulse.tau_ * std::sqrt(-2 * std::log(cutoff));
  pulse.cutoff_ = cutoff;
  pulse.end_ = 2 * pulse.centre_;
  return pulse;
}

Waveform Waveform::Band(double shortest, double longest, double edge, double cutoff) {
  CheckPositive(shortest, "the shortest wavelength");
  if (!(longest > shortest) || !std::isfinite(longest)) {
    base::Fail("waveform: the longest wavelength is {} um, but must exceed the shortest, {} um",
               longest, shortest);
  }
  CheckFraction(edge, "the level at the ends of the band");
  const double high = 2 * M_PI / shortest;
  const double low = 2 * M_PI / longest;
  const double deviation = 0.5 * (high - low) / std::sqrt(-2 * std::log(edge));
  return Pulse(0.5 * (high + low), deviation / (0.5 * (high + low)), cutoff);
}

Waveform Waveform::Covering(double lowest, double highest, double narrowest, double edge,
                            double cutoff) {
  const double middle = 0.5 * (lowest + highest);
  const double half = std::max(0.5 * (highest - lowest), 0.5 * narrowest * middle);
  return Band(2 * M_PI / (middle + half), 2 * M_PI / (middle - half), edge, cutoff);
}

Waveform Waveform::Continuous(double omega0, double ramp_periods) {
  CheckPositive(omega0, "the frequency");
  CheckPositive(ramp_periods, "the number of periods of the ramp");
  Waveform wave;
  wave.omega_ = omega0;
  wave.continuous_ = true;
  wave.tau_ = ramp_periods * 2 * M_PI / omega0;
  return wave;
}

Waveform Waveform::Delayed(double delay) const {
  base::Require(delay >= 0, "a waveform is delayed, not advanced");
  Waveform later = *this;
  if (continuous_) return later;
  later.start_ += delay;
  later.centre_ += delay;
  later.end_ += delay;
  return later;
}

Complex Waveform::At(double t) const {
  const double s = t - centre_;
  if (t < start_ || t > end_) return 0;
  const Complex carrier = std::polar(1.0, -omega_ * s);
  if (!continuous_) {
    const Complex slope(1, -s / (omega_ * tau_ * tau_));
    return std::exp(-0.5 * s * s / (tau_ * tau_)) * slope * carrier;
  }
  return s < tau_ ? std::pow(std::sin(0.5 * M_PI * s / tau_), 2) * carrier : carrier;
}

Complex Waveform::Spectrum(double omega, double dt, CurrentKind kind, long steps) const {
  if (continuous_ && steps < 0) {
    base::Fail("waveform: a continuous wave has a spectrum only over a given number of steps");
  }
  const double shift = kind == CurrentKind::Electric ? 0.5 : 0.0;
  const long count = steps < 0 ? static_cast<long>(std::floor(end_ / dt)) + 1 : steps;
  Complex sum = 0;
  for (long n = 0; n < count; ++n) {
    const double t = (static_cast<double>(n) + shift) * dt;
    sum += At(t).real() * std::polar(1.0, omega * t);
  }
  return dt * sum;
}

Complex Waveform::SampledSpectrum(double omega, double dt, long first, long end, int every) const {
  Complex sum = 0;
  for (long n = first; n < end; ++n) {
    if ((n + 1) % every != 0) continue;
    const double t = (static_cast<double>(n) + 0.5) * dt;
    sum += At(t).real() * std::polar(1.0, omega * t);
  }
  return dt * every * sum;
}

int StepsBetweenSamples(double omega, double dt, double samples) {
  if (omega <= 0) return 1;
  return std::max(1, static_cast<int>(std::min(1e6, 2 * M_PI / (samples * omega * dt))));
}

WaveformSignals::WaveformSignals(const Waveform& waveform, double dt)
    : waveform_(waveform), dt_(dt) {}

void WaveformSignals::Evaluate(long step, double* values) {
  const double t = static_cast<double>(step) * dt_;
  const Complex electric = waveform_.At(t + 0.5 * dt_);
  const Complex magnetic = waveform_.At(t);
  values[RealPart(CurrentKind::Electric)] = electric.real();
  values[ImaginaryPart(CurrentKind::Electric)] = electric.imag();
  values[RealPart(CurrentKind::Magnetic)] = magnetic.real();
  values[ImaginaryPart(CurrentKind::Magnetic)] = magnetic.imag();
}

long WaveformSignals::EndStep() const {
  if (waveform_.IsContinuous()) return std::numeric_limits<long>::max();
  return static_cast<long>(std::floor(waveform_.EndTime() / dt_)) + 1;
}

void AppendEntry(Current& current, domain::Component component, const std::array<int, 3>& point,
                 Complex profile, bool bloch) {
  const CurrentKind kind =
      domain::IsElectric(component) ? CurrentKind::Electric : CurrentKind::Magnetic;
  const auto append = [&](int signal, Complex weight) {
    if (weight != 0.0) current.entries.push_back({component, point, signal, weight});
  };
  if (bloch) {
    append(WaveformSignals::RealPart(kind), profile);
  } else {
    append(WaveformSignals::RealPart(kind), profile.real());
    append(WaveformSignals::ImaginaryPart(kind), -profile.imag());
  }
}

}  // namespace symwave::solvers::fdtd
