#include "solvers/fdtd/resonance.hpp"

#include <harminv.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "domain/base/error.hpp"

namespace symwave::solvers::fdtd {

namespace {

using Complex = std::complex<double>;

/// Work grows as samples * basis + basis^3, so wide bands are solved in parts.
constexpr double kLargestBasis = 150;
constexpr int kSmallestBasis = 10;
/// Basis functions over bandwidth * duration.
constexpr double kDensity = 1.1;
/// Thinned records keep at least this many samples per period of the highest frequency.
constexpr int kSamplesPerPeriod = 8;

/// A record and the gain that its oscillations have in it.
struct Samples {
  std::vector<Complex> values;
  double time_step = 0;
  std::vector<double> filter{1.0};  ///< taps, on the time step of the original record
  double filter_step = 0;

  Complex Gain(Complex rate) const {
    Complex gain = 0;
    for (size_t j = 0; j < filter.size(); ++j) {
      gain += filter[j] * std::exp(-rate * (static_cast<double>(j) * filter_step));
    }
    return gain;
  }
};

/// Taps of a low-pass of unit gain at zero frequency: sinc in a Kaiser window of 100 dB, from
/// `highest` to the first frequency that thinning by `factor` folds into the band.
std::vector<double> LowPass(double highest, double time_step, int factor) {
  const double stop = 1 / (factor * time_step) - highest;
  const double cutoff = 0.5 * (highest + stop) * time_step;
  const double width = 2 * M_PI * (stop - highest) * time_step;
  constexpr double kAttenuation = 100, kBeta = 0.1102 * (kAttenuation - 8.7);
  const int count = 1 + static_cast<int>(std::ceil((kAttenuation - 8) / (2.285 * width)));
  std::vector<double> taps(static_cast<size_t>(count));
  double sum = 0;
  for (int j = 0; j < count; ++j) {
    const double x = j - 0.5 * (count - 1);
    const double r = 2 * x / count;
    const double sinc = x == 0 ? 2 * cutoff : std::sin(2 * M_PI * cutoff * x) / (M_PI * x);
    taps[j] = sinc * std::cyl_bessel_i(0.0, kBeta * std::sqrt(1 - r * r));
    sum += taps[j];
  }
  for (double& tap : taps) tap /= sum;
  return taps;
}

Samples Thin(const std::vector<double>& record, double time_step, double highest) {
  Samples samples;
  samples.filter_step = time_step;
  int factor = static_cast<int>(1 / (kSamplesPerPeriod * highest * time_step));
  if (factor >= 2) samples.filter = LowPass(highest, time_step, factor);
  if (factor < 2 || samples.filter.size() * 4 > record.size()) {
    factor = 1;
    samples.filter = {1.0};
  }
  samples.time_step = factor * time_step;
  const size_t taps = samples.filter.size();
  for (size_t n = 0; n + taps <= record.size(); n += static_cast<size_t>(factor)) {
    double value = 0;
    for (size_t j = 0; j < taps; ++j) value += samples.filter[j] * record[n + j];
    samples.values.emplace_back(value);
  }
  return samples;
}

/// Oscillations between two frequencies.
std::vector<Resonance> Invert(const Samples& samples, double lowest, double highest) {
  const double dt = samples.time_step;
  const auto count = static_cast<int>(samples.values.size());
  const int basis =
      std::max(kSmallestBasis, static_cast<int>(kDensity * (highest - lowest) * dt * count));
  struct Destroy {
    void operator()(harminv_data_struct* data) const { harminv_data_destroy(data); }
  };
  const std::unique_ptr<harminv_data_struct, Destroy> data(
      harminv_data_create(count, samples.values.data(), lowest * dt, highest * dt, basis));
  harminv_solve(data.get());
  std::vector<Resonance> found;
  for (int m = 0; m < harminv_get_num_freqs(data.get()); ++m) {
    Resonance mode;
    mode.frequency = harminv_get_freq(data.get(), m) / dt;
    mode.decay = harminv_get_decay(data.get(), m) / dt;
    mode.quality = mode.decay > 0 ? M_PI * std::abs(mode.frequency) / mode.decay : INFINITY;
    mode.error = harminv_get_freq_error(data.get(), m);
    harminv_get_amplitude(&mode.amplitude, data.get(), m);
    mode.amplitude /= samples.Gain(Complex(mode.decay, 2 * M_PI * mode.frequency));
    found.push_back(mode);
  }
  return found;
}

/// Oscillations between two frequencies, of wide bands in parts.
std::vector<Resonance> InvertInParts(const Samples& samples, double lowest, double highest) {
  const double duration = samples.time_step * static_cast<double>(samples.values.size());
  const int parts = std::max(
      1, static_cast<int>(std::ceil(kDensity * (highest - lowest) * duration / kLargestBasis)));
  const double width = (highest - lowest) / parts;
  std::vector<Resonance> modes;
  for (int p = 0; p < parts; ++p) {
    const double begin = lowest + p * width, end = begin + width;
    // Oscillations at the edge of a part are seen whole by parts that overlap.
    const double overlap = parts > 1 ? 0.3 * width : 0;
    for (const Resonance& mode :
         Invert(samples, std::max(0.5 * lowest, begin - overlap), end + overlap)) {
      if (mode.frequency >= begin && mode.frequency < end) modes.push_back(mode);
    }
  }
  return modes;
}

/// What a resonance may change between the whole record and its first three quarters, and the
/// error that the method may estimate: shares of the decay rate.
constexpr double kSteady = 0.1;

/// An oscillation that is really there has the same complex frequency in a part of the record; one
/// that the method needs to describe noise, sources or other modes has not.
void MarkResolved(std::vector<Resonance>& modes, const std::vector<Resonance>& of_part) {
  for (Resonance& mode : modes) {
    double change = INFINITY;
    for (const Resonance& other : of_part) {
      change = std::min(change, std::hypot(2 * M_PI * (other.frequency - mode.frequency),
                                           other.decay - mode.decay));
    }
    const double error = 2 * M_PI * mode.frequency * mode.error;
    mode.resolved = mode.decay > 0 && std::max(change, error) <= kSteady * mode.decay;
  }
}

void CheckBand(const std::vector<double>& record, double time_step, double lowest, double highest) {
  if (!(lowest > 0 && highest > lowest)) {
    base::Fail("the band of resonances is {} to {} 1/um; it must rise and begin above 0", lowest,
               highest);
  }
  if (highest * time_step >= 0.5) {
    base::Fail(
        "the band of resonances ends at {:.6g} 1/um, but the record is sampled every {:.6g} "
        "um and resolves only frequencies below {:.6g} 1/um",
        highest, time_step, 0.5 / time_step);
  }
  const double duration = time_step * static_cast<double>(record.size());
  if (duration * lowest < 2) {
    base::Fail(
        "the record of {:.6g} um is too short for resonances from {:.6g} 1/um on; it needs at "
        "least two periods, {:.6g} um: run longer after the sources have ended",
        duration, lowest, 2 / lowest);
  }
}

/// Drops what is not a resonance, in place.
void Select(std::vector<Resonance>& modes, const ResonanceOptions& options) {
  const auto drop = [&](auto&& unwanted) {
    modes.erase(std::remove_if(modes.begin(), modes.end(), unwanted), modes.end());
  };
  drop([&](const Resonance& m) {
    return !(m.error <= options.error) || m.quality < options.quality ||
           !std::isfinite(std::abs(m.amplitude));
  });
  double largest = 0;
  for (const Resonance& m : modes) largest = std::max(largest, std::abs(m.amplitude));
  drop([&](const Resonance& m) { return std::abs(m.amplitude) < options.amplitude * largest; });
  std::sort(modes.begin(), modes.end(),
            [](const Resonance& a, const Resonance& b) { return a.frequency < b.frequency; });
}

}  // namespace

std::vector<Resonance> FindResonances(const std::vector<double>& record, double time_step,
                                      double lowest, double highest,
                                      const ResonanceOptions& options) {
  CheckBand(record, time_step, lowest, highest);
  double peak = 0;
  for (const double value : record) {
    if (!std::isfinite(value)) base::Fail("the record of a probe holds values that are not finite");
    peak = std::max(peak, std::abs(value));
  }
  if (peak == 0) return {};

  Samples samples = Thin(record, time_step, highest);
  for (Complex& value : samples.values) value /= peak;
  std::vector<Resonance> modes = InvertInParts(samples, lowest, highest);
  for (Resonance& mode : modes) mode.amplitude *= peak;
  Select(modes, options);
  samples.values.resize(samples.values.size() * 3 / 4);
  MarkResolved(modes, InvertInParts(samples, lowest, highest));
  return modes;
}

}  // namespace symwave::solvers::fdtd
