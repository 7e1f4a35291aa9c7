#include "solvers/fdtd/incident_signal.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/error.hpp"
#include "solvers/fdtd/lattice_wave.hpp"

namespace symwave::solvers::fdtd {

namespace {

/// Delays above this times that of normal incidence are those of light that grazes; its tails are
/// cut.
constexpr double kLongestDelay = 4;
constexpr int kDelays = 64;  ///< frequencies at which delays are looked at

/// phi and c of one frequency.
struct Passage {
  double phase = 0;
  double cosine = 1;
};

Passage PassageAt(const domain::Lattice& lattice, double dt, const PlaneWave& wave, int node,
                  double omega) {
  const int axis = static_cast<int>(wave.axis);
  const LatticeWave at = LatticeWaveAt(lattice, wave, dt, omega);
  const double gained =
      PhaseBetween(lattice, axis, at.along, lattice.Node(axis, node), wave.origin[axis]);
  return {wave.direction * gained, at.Cosine()};
}

/// Where a pulse holds more than its cutoff [1/um].
std::array<double, 2> BandOf(const Waveform& pulse, double dt) {
  const double reach = pulse.Deviation() * std::sqrt(-2 * std::log(pulse.Cutoff()));
  return {std::max(1e-3 * pulse.Omega(), pulse.Omega() - reach),
          std::min(0.99 * M_PI / dt, pulse.Omega() + reach)};
}

/// Smallest and largest delay d phi / d w of a pulse [um].
std::array<double, 2> DelaysOf(const domain::Lattice& lattice, double dt, const PlaneWave& wave,
                               int node) {
  const int axis = static_cast<int>(wave.axis);
  const double way = std::abs(wave.origin[axis] - lattice.Node(axis, node));
  const double index = LatticeWaveAt(lattice, wave, dt, wave.waveform.Omega()).index;
  const double longest = kLongestDelay * index * way;
  const auto band = BandOf(wave.waveform, dt);
  const double step = (band[1] - band[0]) / kDelays;
  std::array<double, 2> delays{longest, -longest};
  double before = PassageAt(lattice, dt, wave, node, band[0]).phase;
  for (int q = 1; q <= kDelays; ++q) {
    const double phase = PassageAt(lattice, dt, wave, node, band[0] + q * step).phase;
    const double delay = std::clamp((phase - before) / step, -longest, longest);
    delays = {std::min(delays[0], delay), std::max(delays[1], delay)};
    before = phase;
  }
  return delays;
}

}  // namespace

double IncidentLead(const domain::Lattice& lattice, double dt, const PlaneWave& wave, int node) {
  if (wave.waveform.IsContinuous()) return 0;
  return std::max(0.0, DelaysOf(lattice, dt, wave, node)[1]);
}

IncidentSignal::IncidentSignal(const domain::Lattice& lattice, double dt, const PlaneWave& wave,
                               int node)
    : waveform_(wave.waveform), dt_(dt) {
  if (waveform_.IsContinuous()) {
    const Passage passage = PassageAt(lattice, dt, wave, node, waveform_.Omega());
    factor_[S] = std::polar(1.0, -passage.phase);
    factor_[P] = passage.cosine * factor_[S];
    return;
  }
  const auto delays = DelaysOf(lattice, dt, wave, node);
  const double earliest = waveform_.StartTime() - delays[1];
  base::Require(earliest > -1e-9 * (1 + waveform_.StartTime()),
                "the pulse of a plane wave starts late enough for the way to its origin");
  Sample(lattice, wave, node, earliest, waveform_.EndTime() - delays[0]);
}

void IncidentSignal::Sample(const domain::Lattice& lattice, const PlaneWave& wave, int node,
                            double earliest, double latest) {
  first_ = std::max(0L, static_cast<long>(std::ceil(earliest / dt_ - 1e-6)));
  const long last = static_cast<long>(std::floor(latest / dt_));
  samples_.assign(static_cast<size_t>(std::max(0L, last - first_ + 1)), {0, 0});
  // The sum over frequencies repeats itself after twice the pulse.
  const double step = M_PI / (latest - earliest);
  const auto band = BandOf(waveform_, dt_);
  for (long q = std::lround(std::ceil(band[0] / step)); q * step <= band[1]; ++q) {
    const double omega = static_cast<double>(q) * step;
    const Passage passage = PassageAt(lattice, dt_, wave, node, omega);
    Complex value = step / M_PI * waveform_.Spectrum(omega, dt_) *
                    std::polar(1.0, -passage.phase - omega * static_cast<double>(first_) * dt_);
    const Complex turn = std::polar(1.0, -omega * dt_);
    for (auto& sample : samples_) {
      sample[S] += value;
      sample[P] += passage.cosine * value;
      value *= turn;
    }
  }
}

Complex IncidentSignal::At(Part part, long step) const {
  if (waveform_.IsContinuous()) {
    return factor_[part] * waveform_.At(static_cast<double>(step) * dt_);
  }
  const long n = step - first_;
  return n >= 0 && n < static_cast<long>(samples_.size()) ? samples_[static_cast<size_t>(n)][part]
                                                          : 0.0;
}

}  // namespace symwave::solvers::fdtd
