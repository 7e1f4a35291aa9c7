#include "solvers/fdtd/band_record.hpp"

#include <algorithm>
#include <cmath>

namespace symwave::solvers::fdtd {

namespace {

using Complex = std::complex<double>;

constexpr double kAttenuation = 100;  ///< beyond the end of the filter [dB]

/// A filter that isolates the band takes no more than this part of the record.
constexpr double kIsolated = 8;
/// Records that are only thinned keep at least this many samples per period of the highest
/// frequency.
constexpr int kSamplesPerPeriod = 8;

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

namespace {

/// The filter and every `factor`-th sample of what it makes of the record moved by `centre`.
void Thin(const std::vector<double>& record, int factor, BandRecord& cut) {
  const Complex turn(0, 2 * M_PI * cut.centre * cut.filter_step);
  std::vector<Complex> moved(record.size());
  for (size_t n = 0; n < record.size(); ++n) {
    moved[n] = record[n] * std::exp(turn * static_cast<double>(n));
  }
  cut.time_step = factor * cut.filter_step;
  for (size_t n = 0; n + cut.filter.size() <= record.size(); n += static_cast<size_t>(factor)) {
    Complex value = 0;
    for (size_t j = 0; j < cut.filter.size(); ++j) value += cut.filter[j] * moved[n + j];
    cut.values.push_back(value);
  }
}

}  // namespace

BandRecord CutBand(const std::vector<double>& record, double time_step, double lowest,
                   double highest) {
  const double band = highest - lowest, transition = 0.5 * band;
  const auto samples = static_cast<double>(record.size());
  BandRecord cut;
  cut.filter_step = time_step;
  cut.lowest = lowest;
  cut.highest = highest;
  // Harmonic inversion wants the band within a quarter of the sampling rate on either side.
  int factor = static_cast<int>(1 / (2 * (band + 2 * transition) * time_step));
  cut.isolated = factor >= 2 && kIsolated * kTaps / (transition * time_step) <= samples;
  if (cut.isolated) {
    cut.lowest -= transition;
    cut.highest += transition;
    cut.centre = 0.5 * (lowest + highest);
    cut.filter = LowPass(0.5 * band, 0.5 * band + transition, time_step);
  } else {
    factor = std::max(1, static_cast<int>(1 / (kSamplesPerPeriod * highest * time_step)));
    const double stop = 1 / (factor * time_step) - highest;
    if (factor > 1) cut.filter = LowPass(highest, stop, time_step);
    if (4 * static_cast<double>(cut.filter.size()) > samples) {
      factor = 1;
      cut.filter = {1.0};
    }
  }
  Thin(record, factor, cut);
  return cut;
}

}  // namespace symwave::solvers::fdtd
