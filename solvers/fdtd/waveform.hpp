// Functions of time that drive a current: pulses and continuous waves at a carrier exp(-i w t).
#pragma once

#include <complex>
#include <limits>

#include "solvers/fdtd/signal.hpp"

namespace symwave::solvers::fdtd {

using Complex = std::complex<double>;

/// Which leapfrog update a signal drives: J^{n+1/2} that of E, K^n that of H.
enum class CurrentKind { Electric, Magnetic };

/// Analytic signal a(t); what drives a current of complex profile p is Re[p a(t)], and on a lattice
/// with Bloch walls p Re a(t), so that in both the transform at w > 0 is p Spectrum(w).
///
/// Pulse: a(t) = (i / w0) d/dt {exp(-(t - t0)^2 / (2 tau^2)) exp(-i w0 (t - t0))}, whose transform
/// (w / w0) tau sqrt(2 pi) exp(-(w - w0)^2 tau^2 / 2) exp(i w t0) vanishes at w = 0: the current
/// leaves no charge and no static field behind. The Gaussian starts and ends at `cutoff`.
/// Continuous wave: exp(-i w0 t) under a raised cosine that grows from 0 to 1 over `ramp`.
class Waveform {
 public:
  /// UserError unless omega0 > 0 and 0 < relative_width < 1: the spectrum of the Gaussian falls by
  /// exp(-1/2) in amplitude at omega0 (1 +- relative_width).
  static Waveform Pulse(double omega0, double relative_width, double cutoff = 1e-9);
  /// The pulse centred on a band of vacuum wavelengths [um] whose Gaussian falls to `edge` in
  /// amplitude at both ends. UserError unless 0 < shortest < longest and 0 < edge < 1.
  static Waveform Band(double shortest, double longest, double edge = 0.2, double cutoff = 1e-9);
  /// Band() over angular frequencies `lowest`..`highest` [1/um], widened about their middle to
  /// `narrowest` of it so that the pulse is not long. UserError as Band, for narrowest = 0 where
  /// both are equal.
  static Waveform Covering(double lowest, double highest, double narrowest = 0.08,
                           double edge = 0.2, double cutoff = 1e-9);
  /// UserError unless omega0 > 0 and periods > 0.
  static Waveform Continuous(double omega0, double ramp_periods = 10);
  /// The same pulse, begun `delay` [um] later than this one; a continuous wave is left as it is.
  Waveform Delayed(double delay) const;

  double Omega() const { return omega_; }
  bool IsContinuous() const { return continuous_; }
  Complex At(double t) const;
  /// Standard deviation of a pulse's spectrum [1/um]; 0 for a continuous wave.
  double Deviation() const { return continuous_ ? 0 : 1 / tau_; }
  /// Time before which the signal is zero [um].
  double StartTime() const { return start_; }
  /// Time from which on the signal is zero [um]; infinite for a continuous wave.
  double EndTime() const { return end_; }
  /// Level, relative to the peak, at which a pulse starts and ends.
  double Cutoff() const { return cutoff_; }
  /// dt sum_n Re a(t_n) exp(i w t_n), the transform of the engine's monitors, over t_n = (n + 1/2)
  /// dt (electric) or n dt (magnetic); over `steps` steps, or to the end of a pulse where negative.
  /// UserError for a continuous wave without a number of steps.
  Complex Spectrum(double omega, double dt, CurrentKind kind = CurrentKind::Electric,
                   long steps = -1) const;
  /// The transform of the electric drive over the steps first <= n < end with (n + 1) a multiple of
  /// `every`, as DftRequest takes them.
  Complex SampledSpectrum(double omega, double dt, long first, long end, int every) const;

 private:
  Waveform() = default;
  double omega_ = 1;
  bool continuous_ = false;
  double tau_ = 1;     ///< standard deviation of the Gaussian, or length of the ramp
  double centre_ = 0;  ///< t0
  double cutoff_ = 1e-9;
  double start_ = 0;
  double end_ = std::numeric_limits<double>::infinity();
};

/// Steps of `dt` between two samples of a running transform: at least `samples` in the shortest
/// period 2 pi / omega. With eight, the lowest frequency that they fold onto the band is seven
/// times higher, where a pulse has nothing.
int StepsBetweenSamples(double omega, double dt, double samples = 8);

/// Re a and Im a at the times of both drives. A profile p follows as Re p * (Re a) - Im p * (Im a).
class WaveformSignals : public SignalSet {
 public:
  WaveformSignals(const Waveform& waveform, double dt);

  static int RealPart(CurrentKind kind) { return kind == CurrentKind::Electric ? 0 : 2; }
  static int ImaginaryPart(CurrentKind kind) { return kind == CurrentKind::Electric ? 1 : 3; }

  int Count() const override { return 4; }
  void Evaluate(long step, double* values) override;
  long EndStep() const override;

 private:
  Waveform waveform_;
  double dt_;
};

/// Appends Re[profile a(t)] (profile Re a(t) with `bloch`) at a point to a current whose signals
/// are WaveformSignals; nothing where the profile is zero.
void AppendEntry(Current& current, domain::Component component, const std::array<int, 3>& point,
                 Complex profile, bool bloch);

}  // namespace symwave::solvers::fdtd
