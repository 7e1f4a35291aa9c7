#include "solvers/fdtd/delayed_signals.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

DelayedSignals::DelayedSignals(const Waveform& waveform, double dt, double lead,
                               const BandExpansion& expansion)
    : waveform_(waveform),
      dt_(dt),
      lead_(lead),
      terms_(expansion.Terms()),
      delays_(expansion.Delays()),
      mix_(expansion.Mix()) {
  const double earliest = waveform.StartTime() - lead - expansion.LongestDelay();
  base::Require(earliest > -1e-9 * (1 + waveform.StartTime()),
                "a waveform starts late enough for its early copies");
}

void DelayedSignals::EvaluateAt(double t, double* values) const {
  std::fill(values, values + 2 * static_cast<size_t>(terms_), 0.0);
  for (size_t m = 0; m < delays_.size(); ++m) {
    const Complex copy = waveform_.At(t + lead_ - delays_[m]);
    if (copy == 0.0) continue;
    for (int k = 0; k < terms_; ++k) {
      const Complex part = mix_(static_cast<Eigen::Index>(m), k) * copy;
      values[2 * k] += part.real();
      values[2 * k + 1] += part.imag();
    }
  }
}

void DelayedSignals::Evaluate(long step, double* values) {
  const double t = static_cast<double>(step) * dt_;
  EvaluateAt(t + 0.5 * dt_, values + First(CurrentKind::Electric));
  EvaluateAt(t, values + First(CurrentKind::Magnetic));
}

long DelayedSignals::EndStep() const {
  if (waveform_.IsContinuous()) return std::numeric_limits<long>::max();
  const double end = waveform_.EndTime() - lead_ + delays_.back();
  return std::max(0L, static_cast<long>(std::floor(end / dt_)) + 1);
}

}  // namespace symwave::solvers::fdtd
