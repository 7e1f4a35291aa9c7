#include "solvers/fdtd/band_record.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::fdtd {

namespace {

using Complex = std::complex<double>;

constexpr double kAttenuation = 100;  ///< beyond the end of the filter [dB]

/// Taps of a Kaiser window, less one, times the width of its transition and the time step.
constexpr double kTaps = (kAttenuation - 8) / (2.285 * 2 * M_PI);

/// Low-pass of unit gain at zero frequency: sinc in a Kaiser window, from `pass` to `stop` [1/um].
std::vector<double> LowPass(double pass, double stop, double time_step) {
  const double cutoff = 0.5 * (pass + stop) * time_step;
  const double beta = 0.1102 * (kAttenuation - 8.7);
  const int count = 1 + static_cast<int>(std::ceil(kTaps / ((stop - pass) * time_step)));
  std::vector<double> taps(static_cast<size_t>(count));
  double sum = 0;
  for (int j = 0; j < count; ++j) {
    const double x = j - 0.5 * (count - 1);
    const double r = 2 * x / count;
    const double sinc = x == 0 ? 2 * cutoff : std::sin(2 * M_PI * cutoff * x) / (M_PI * x);
    taps[j] = sinc * std::cyl_bessel_i(0.0, beta * std::sqrt(1 - r * r));
    sum += taps[j];
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

}  // namespace

Complex BandRecord::Gain(Complex rate) const {
  Complex gain = 0;
  for (size_t j = 0; j < filter.size(); ++j) {
    gain += filter[j] * std::exp(-rate * (static_cast<double>(j) * filter_step));
  }
  return gain;
}

BandRecord CutBand(const std::vector<double>& record, double time_step, double lowest,
                   double highest) {
  const double band = highest - lowest;
  const double duration = time_step * static_cast<double>(record.size());
  const double transition = std::max(0.5 * band, 8 * kTaps / duration);
  BandRecord cut;
  cut.filter_step = cut.time_step = time_step;
  cut.lowest = lowest;
  cut.highest = highest;
  // Harmonic inversion wants the band within a quarter of the sampling rate on either side.
  const int factor = static_cast<int>(1 / (2 * (band + 2 * transition) * time_step));
  if (factor < 2) {
    cut.values.assign(record.begin(), record.end());
    return cut;
  }
  cut.lowest -= transition;
  cut.highest += transition;
  cut.centre = 0.5 * (lowest + highest);
  cut.time_step = factor * time_step;
  cut.filter = LowPass(0.5 * band, 0.5 * band + transition, time_step);
  const Complex turn(0, 2 * M_PI * cut.centre * time_step);
  std::vector<Complex> moved(record.size());
  for (size_t n = 0; n < record.size(); ++n) {
    moved[n] = record[n] * std::exp(turn * static_cast<double>(n));
  }
  for (size_t n = 0; n + cut.filter.size() <= record.size(); n += static_cast<size_t>(factor)) {
    Complex value = 0;
    for (size_t j = 0; j < cut.filter.size(); ++j) value += cut.filter[j] * moved[n + j];
    cut.values.push_back(value);
  }
  return cut;
}

}  // namespace symwave::solvers::fdtd
